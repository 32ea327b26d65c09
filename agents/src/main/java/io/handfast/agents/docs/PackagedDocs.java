package io.handfast.agents.docs;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** The documentation that the build packages below {@code handfast-docs/}, laid out as in the repository, so that its links hold. */
final class PackagedDocs {
    private static final String FOLDER = "handfast-docs/";

    /** By this file the folder is found; it is the one document that cannot be missing. */
    private static final String KNOWN = "spec/protocol.md";

    private PackagedDocs() {}

    /**
     * The documents by their path in the repository.
     *
     * @throws IOException when they cannot be read, or are not there
     */
    static Map<String, String> read() throws IOException {
        URL known = PackagedDocs.class.getClassLoader().getResource(FOLDER + KNOWN);
        if (known == null) {
            throw new IOException(FOLDER + KNOWN + " is not on the class path");
        }
        if (known.openConnection() instanceof JarURLConnection jar) {
            return ofJar(jar);
        }
        try {
            URI folder = known.toURI().resolve("../"); // from spec/ up
            return ofDirectory(Path.of(folder));
        } catch (URISyntaxException e) {
            throw new IOException("not a usable place of documents: " + known, e);
        }
    }

    private static Map<String, String> ofJar(JarURLConnection connection) throws IOException {
        connection.setUseCaches(false);
        Map<String, String> documents = new TreeMap<>();
        try (JarFile jar = connection.getJarFile()) {
            for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
                String name = entry.getName();
                if (name.startsWith(FOLDER) && name.endsWith(".md")) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        documents.put(
                                name.substring(FOLDER.length()), new String(in.readAllBytes(), StandardCharsets.UTF_8));
                    }
                }
            }
        }
        return documents;
    }

    /** All markdown files below a directory. */
    static Map<String, String> ofDirectory(Path directory) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(directory)) {
            files = walk.filter(file -> file.toString().endsWith(".md")).toList();
        }
        Map<String, String> documents = new TreeMap<>();
        for (Path file : files) {
            documents.put(directory.relativize(file).toString().replace('\\', '/'), Files.readString(file));
        }
        return documents;
    }
}
