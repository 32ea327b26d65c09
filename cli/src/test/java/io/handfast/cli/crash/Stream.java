package io.handfast.cli.crash;

import io.handfast.cli.Command;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A reader of one thread by server-sent events, who comes back with the last id that he saw. */
final class Stream {
    private static final long PATIENCE_SECONDS = Command.PATIENCE.toSeconds();

    private final HttpClient http;
    private final Promises promises;
    private final String user;
    private final String threadId;
    private @Nullable String lastId;
    private @Nullable Thread reading;

    Stream(HttpClient http, Promises promises, String user, String threadId) {
        this.http = http;
        this.promises = promises;
        this.user = user;
        this.threadId = threadId;
    }

    String threadId() {
        return threadId;
    }

    void connect(String url) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + "/v1/threads/" + threadId + "/events"))
                .header("Accept", "text/event-stream")
                .header("X-Handfast-User", user);
        if (lastId != null) {
            request.header("Last-Event-ID", lastId);
        }
        Thread thread = new Thread(() -> read(request.build()), "stream-" + threadId);
        thread.setDaemon(true);
        thread.start();
        reading = thread;
    }

    /** Waits until nothing more can come from the server that is dead. */
    void awaitEnd() throws InterruptedException {
        if (reading == null) {
            return;
        }
        reading.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        if (reading.isAlive()) {
            promises.broken("the stream of " + threadId + " outlived the server");
        }
        reading = null;
    }

    private void read(HttpRequest request) {
        try {
            HttpResponse<java.util.stream.Stream<String>> response =
                    http.send(request, HttpResponse.BodyHandlers.ofLines());
            if (response.statusCode() == 503) {
                return; // It is being stopped.
            }
            if (response.statusCode() != 200) {
                promises.broken("the stream of " + threadId + " was answered " + response.statusCode());
                return;
            }
            Iterator<String> lines = response.body().iterator();
            while (lines.hasNext()) {
                String line = lines.next();
                if (line.startsWith("id: ")) {
                    event(line.substring("id: ".length()), data(lines));
                } else if (line.equals("event: history_gap")) {
                    String before = String.valueOf(lastId);
                    promises.gap(threadId, before.substring(0, Math.max(0, before.lastIndexOf(':'))), data(lines));
                    lastId = null;
                }
            }
        } catch (IOException | UncheckedIOException e) {
            // The server is dead.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String data(Iterator<String> lines) throws IOException {
        while (lines.hasNext()) {
            String line = lines.next();
            if (line.startsWith("data: ")) {
                return line.substring("data: ".length());
            }
        }
        throw new IOException("the stream ended within an event");
    }

    private void event(String id, String data) {
        int colon = id.lastIndexOf(':');
        String epoch = id.substring(0, colon);
        long seq = Long.parseLong(id.substring(colon + 1));
        String before = lastId;
        boolean follows = before == null
                || (before.startsWith(epoch + ":") && Long.parseLong(before.substring(colon + 1)) == seq - 1);
        if (!follows) {
            promises.broken("the stream of " + threadId + " stood at " + before + " and got " + id);
        }
        lastId = id;
        promises.shown(threadId, epoch, seq, Event.of(data).text());
    }
}
