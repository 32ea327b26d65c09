package io.handfast.cli.crash;

import io.handfast.cli.Command;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/**
 * A thread that its owner wants to be gone, asked for again in every life until a server says so. Then it has to stay gone, and
 * what begins under its name is another thread, of which readers of the old one are told.
 */
final class Deletion {
    private enum State {
        THERE,
        /** Asked for, and perhaps done. */
        ASKED,
        DELETED
    }

    private final HttpClient http;
    private final Promises promises;
    private final String user;
    private final String threadId;
    private volatile State state = State.THERE;

    Deletion(HttpClient http, Promises promises, String user, String threadId) {
        this.http = http;
        this.promises = promises;
        this.user = user;
        this.threadId = threadId;
    }

    /** @throws IOException when the server is gone, and nobody knows what became of the deletion */
    void ask(String url) throws IOException, InterruptedException {
        if (state == State.DELETED) {
            return;
        }
        state = State.ASKED;
        int status = http.send(request(url, "").DELETE().build(), HttpResponse.BodyHandlers.ofString())
                .statusCode();
        if (status == 204) {
            state = State.DELETED;
            promises.deleted();
        } else if (status == 404) {
            state = State.DELETED; // by what was asked before, or nobody ever said anything in it
        } else if (status != 503) {
            promises.broken("DELETE of thread " + threadId + " was answered " + status);
        }
    }

    boolean done() {
        return state == State.DELETED;
    }

    /** A message in the thread; the answer. */
    HttpResponse<String> say(String url, String text) throws IOException, InterruptedException {
        String message = "{\"message_id\":\"" + text + "\",\"agent\":\"echo\",\"text\":\"" + text + "\"}";
        return http.send(
                request(url, "/messages")
                        .POST(HttpRequest.BodyPublishers.ofString(message))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String url, String behind) {
        return HttpRequest.newBuilder(URI.create(url + "/v1/threads/" + threadId + behind))
                .header("X-Handfast-User", user)
                .timeout(Command.PATIENCE);
    }

    /** The server has died; {@code mayForget} see {@link Promises#died}. */
    void died(boolean mayForget) {
        if (mayForget && state == State.DELETED) {
            state = State.ASKED;
        }
    }

    /** Looks at the thread in a new life, before anybody asks anything. Done with whether all was seen. */
    boolean examine(String url) throws Exception {
        ThreadCopy copy = ThreadCopy.read(http, url, user, threadId);
        if (state == State.THERE || (state == State.ASKED && copy.epoch() != null)) {
            promises.check(copy);
            return false;
        }
        if (copy.epoch() != null) {
            promises.broken("thread " + threadId + " was deleted, and is there again with "
                    + copy.events().size() + " events");
            return true;
        }
        beginAnew(url);
        return true;
    }

    private void beginAnew(String url) throws Exception {
        HttpResponse<String> accepted = say(url, "anew");
        if (accepted.statusCode() != 202 || Event.of(accepted.body()).number("seq") != 1) {
            promises.broken("the first message of the new thread " + threadId + " was answered " + accepted.body());
            return;
        }
        for (Promises.Seen seen : promises.seen(threadId)) {
            String cursor = "/events?after_seq=" + seen.seq() + "&epoch=" + seen.epoch();
            String answer = http.send(request(url, cursor).build(), HttpResponse.BodyHandlers.ofString())
                    .body();
            Event page = Event.of(answer);
            boolean told = page.has("gap")
                    && Event.of(page.value("gap")).string("reason").equals("epoch_changed")
                    && !page.string("epoch").equals(seen.epoch());
            if (!told) {
                promises.broken("a reader of the deleted thread " + threadId + " who stood at " + seen
                        + " is not told of the new one: " + answer);
            }
        }
    }
}
