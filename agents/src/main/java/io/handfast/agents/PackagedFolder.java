package io.handfast.agents;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Reads a folder of the class path whole, from a jar or from a build directory. */
public final class PackagedFolder {
    private PackagedFolder() {}

    /**
     * All files below a folder, by their path in it.
     *
     * @param folder such as {@code web}
     * @param known a file in it, by which it is found
     * @throws IOException when it cannot be read, or is not there
     */
    public static Map<String, byte[]> read(String folder, String known) throws IOException {
        URL url = PackagedFolder.class.getClassLoader().getResource(folder + "/" + known);
        if (url == null) {
            throw new IOException(folder + "/" + known + " is not on the class path");
        }
        if (url.openConnection() instanceof JarURLConnection jar) {
            return ofJar(jar, folder + "/");
        }
        try {
            String text = url.toURI().toString();
            return ofDirectory(Path.of(new URI(text.substring(0, text.length() - known.length()))));
        } catch (URISyntaxException e) {
            throw new IOException("not a usable place of resources: " + url, e);
        }
    }

    private static Map<String, byte[]> ofJar(JarURLConnection connection, String prefix) throws IOException {
        connection.setUseCaches(false);
        Map<String, byte[]> files = new TreeMap<>();
        try (JarFile jar = connection.getJarFile()) {
            for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
                if (!entry.isDirectory() && entry.getName().startsWith(prefix)) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        files.put(entry.getName().substring(prefix.length()), in.readAllBytes());
                    }
                }
            }
        }
        return files;
    }

    private static Map<String, byte[]> ofDirectory(Path directory) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> walk = Files.walk(directory)) {
            List<Path> found = walk.filter(Files::isRegularFile).toList();
            for (Path file : found) {
                files.put(directory.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
            }
        }
        return files;
    }
}
