package io.handfast.agents.docs;

import io.handfast.agents.PackagedFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;

/** The documentation that the build packages below {@code handfast-docs/}, laid out as in the repository, so that its links hold. */
final class PackagedDocs {
    /** By this file the folder is found; it is the one document that cannot be missing. */
    private static final String KNOWN = "spec/protocol.md";

    private PackagedDocs() {}

    /**
     * The documents by their path in the repository.
     *
     * @throws IOException when they cannot be read, or are not there
     */
    static Map<String, String> read() throws IOException {
        Map<String, String> documents = new TreeMap<>();
        PackagedFolder.read("handfast-docs", KNOWN).forEach((path, bytes) -> {
            if (path.endsWith(".md")) {
                documents.put(path, new String(bytes, StandardCharsets.UTF_8));
            }
        });
        return documents;
    }
}
