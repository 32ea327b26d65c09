package io.handfast.server.site;

import io.handfast.agents.PackagedFolder;
import io.handfast.netty.http.HttpCall;
import io.handfast.netty.http.HttpReply;
import io.handfast.netty.http.HttpRoute;
import io.handfast.netty.http.Problem;
import io.handfast.netty.http.RefusedException;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The chat page at {@code /} and {@code /app/}, and the documentation at {@code /docs/}. All of it is read at the start and kept in
 * memory, so a request looks a name up in a map: there is no path to climb out of, and nothing that blocks a loop.
 */
public final class StaticSite {
    private static final String POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:;"
                    + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
                    + " require-trusted-types-for 'script'; trusted-types dompurify handfast";

    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "mjs", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "json", "application/json",
            "md", "text/markdown; charset=utf-8",
            "woff2", "font/woff2",
            "png", "image/png");

    private final Map<String, File> files = new HashMap<>();

    /** One file, with all headers of its answer but the type. */
    @SuppressWarnings("ArrayRecordComponent") // shared, compared by nobody
    private record File(String type, String etag, Map<String, String> headers, byte[] bytes) {}

    private StaticSite() {}

    /** Reads what is packaged. */
    public static StaticSite load() throws IOException {
        StaticSite site = new StaticSite();
        PackagedFolder.read("web", "index.html").forEach((path, bytes) -> site.add("/app/" + path, bytes));
        PackagedFolder.read("handfast-docs", "spec/protocol.md")
                .forEach((path, bytes) -> site.add("/docs/" + path, bytes));
        site.files.put("/", site.files.get("/app/index.html"));
        return site;
    }

    private void add(String path, byte[] bytes) {
        String etag = etag(bytes);
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("ETag", etag);
        headers.put("Cache-Control", "no-cache");
        headers.put("Content-Security-Policy", POLICY);
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("Cross-Origin-Opener-Policy", "same-origin");
        headers.put("Cross-Origin-Resource-Policy", "same-origin");
        String type = TYPES.getOrDefault(path.substring(path.lastIndexOf('.') + 1), "application/octet-stream");
        files.put(path, new File(type, etag, Map.copyOf(headers), bytes));
    }

    /** The routes by which all of it is reached, by everybody. */
    public List<HttpRoute> routes() {
        return List.of(
                HttpRoute.open("GET", "/", this::answer),
                HttpRoute.open("GET", "/app/{file...}", this::answer),
                HttpRoute.open("GET", "/docs/{file...}", this::answer));
    }

    private CompletionStage<HttpReply> answer(HttpCall call) throws RefusedException {
        File file = files.get(call.path());
        if (file == null) {
            throw new RefusedException(Problem.of(404, "not_found", "there is no file " + call.path()));
        }
        boolean known = call.headers("If-None-Match").stream().anyMatch(tags -> names(tags, file.etag()));
        return CompletableFuture.completedFuture(
                known
                        ? new HttpReply.Content(304, file.type(), file.headers(), new byte[0])
                        : new HttpReply.Content(200, file.type(), file.headers(), file.bytes()));
    }

    private static boolean names(String tags, String etag) {
        for (String tag : tags.split(",", -1)) {
            String bare = tag.strip();
            if (bare.equals("*") || bare.equals(etag) || bare.equals("W/" + etag)) {
                return true;
            }
        }
        return false;
    }

    private static String etag(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return '"'
                    + Base64.getUrlEncoder()
                            .withoutPadding()
                            .encodeToString(digest)
                            .substring(0, 22)
                    + '"';
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
