package io.handfast.cli.crash;

import static org.awaitility.Awaitility.await;

import io.handfast.cli.Command;
import io.handfast.protocol.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Somebody with a few conversations, who talks and reads over one WebSocket, comes back after each death of the server where
 * he was, and says again whatever was not acknowledged. Keeps what the reader's rule of spec/protocol.md asks to keep.
 */
final class User {
    private static final long PATIENCE_SECONDS = Command.PATIENCE.toSeconds();

    /** Answers that say nothing against a server that is busy, or that runs come and go. */
    private static final Set<String> HARMLESS =
            Set.of("too_many_runs", "run_ended", "run_not_found", "draining", "unavailable");

    private final HttpClient http;
    private final Promises promises;
    private final String name;
    private final Random random;
    private final Map<String, Position> positions = new ConcurrentHashMap<>();
    private final List<Said> said = new ArrayList<>();
    private final Set<Said> unanswered = ConcurrentHashMap.newKeySet();
    private List<String> threads = List.of();
    private final List<Deletion> deletions = new ArrayList<>();
    private int messages;

    private record Position(String epoch, long seq) {}

    /** What was said once, so that it can be said again. */
    private record Said(String threadId, String messageId, String json) {}

    User(HttpClient http, Promises promises, String name, long seed) {
        this.http = http;
        this.promises = promises;
        this.name = name;
        this.random = new Random(seed);
    }

    String name() {
        return name;
    }

    /** The conversations in which this user talks from now on. */
    void talkIn(List<String> threadIds) {
        threads = List.copyOf(threadIds);
        said.removeIf(old -> !threads.contains(old.threadId()));
        unanswered.removeIf(old -> !threads.contains(old.threadId()));
        positions.keySet().retainAll(threads);
    }

    /** A thread in which this user does not talk any more, and which is to be gone. */
    void delete(String threadId) {
        deletions.add(new Deletion(http, promises, name, threadId));
    }

    /** A thread that is there and gone before anybody else knows of it, in a life that leaves the time. */
    void deleteSurely(String url, String threadId) throws Exception {
        Deletion deletion = new Deletion(http, promises, name, threadId);
        HttpResponse<String> said = deletion.say(url, "doomed");
        if (said.statusCode() != 202) {
            throw new AssertionError("a message in thread " + threadId + " was answered " + said.body());
        }
        await().atMost(Command.PATIENCE).until(() -> {
            deletion.ask(url);
            return deletion.done();
        });
        deletions.add(deletion);
    }

    /** Looks at what was to be gone, before anybody asks anything of a new server. */
    void examineDeletions(String url) throws Exception {
        for (Deletion deletion : List.copyOf(deletions)) {
            if (deletion.examine(url)) {
                deletions.remove(deletion);
            }
        }
    }

    /** See {@link Promises#died}. */
    void serverDied(boolean mayForget) {
        deletions.forEach(deletion -> deletion.died(mayForget));
    }

    int unanswered() {
        return unanswered.size();
    }

    /** One connection, as long as the server lives. */
    final class Line implements WebSocket.Listener {
        private final String url;
        private final StringBuilder partial = new StringBuilder();
        private final CountDownLatch closed = new CountDownLatch(1);
        private final WebSocket socket;
        private final Thread talker;

        /** Whether the last {@code subscribed} did not resume: a gap may follow it at once. */
        private boolean gapExpected;

        private Line(String url) throws Exception {
            this.url = url;
            socket = http.newWebSocketBuilder()
                    .buildAsync(URI.create(url.replace("http", "ws") + "/v1/ws?user=" + name), this)
                    .get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            talker = new Thread(this::talk, "talker-" + name);
            talker.setDaemon(true);
        }

        /** Waits until nothing more can come from the server that is dead. */
        void awaitEnd() throws InterruptedException {
            boolean ended = closed.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            socket.abort();
            talker.interrupt();
            talker.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
            if (!ended || talker.isAlive()) {
                promises.broken("the connection of " + name + " outlived the server");
            }
        }

        private void talk() {
            try {
                for (String threadId : threads) {
                    subscribe(threadId);
                }
                for (Said again : List.copyOf(unanswered)) {
                    send(again);
                }
                for (int i = 0; i < 3 && !said.isEmpty(); i++) {
                    send(any(said));
                }
                while (closed.getCount() > 0) {
                    act();
                    Thread.sleep(random.nextInt(20));
                }
            } catch (InterruptedException | SendFailedException e) {
                // The server is dead.
            }
        }

        private void subscribe(String threadId) throws InterruptedException, SendFailedException {
            Map<String, Object> frame = new LinkedHashMap<>(Map.of("type", "subscribe", "thread_id", threadId));
            Position position = positions.get(threadId);
            if (position != null) {
                frame.put("after_seq", position.seq());
                frame.put("epoch", position.epoch());
            }
            send(json(frame));
        }

        private void act() throws InterruptedException, SendFailedException {
            int chance = random.nextInt(100);
            if (chance < 70 || said.isEmpty()) {
                Said message = newMessage();
                said.add(message);
                unanswered.add(message);
                if (chance < 55) {
                    send(message);
                } else {
                    post(message);
                }
            } else if (chance < 80) {
                send(any(said));
            } else if (chance < 85) {
                post(any(said));
            } else if (chance < 88 && !deletions.isEmpty()) {
                delete(any(deletions));
            } else {
                Said message = said.get(Math.max(0, said.size() - 1 - random.nextInt(6)));
                send(json(Map.of(
                        "type", "cancel_run", "thread_id", message.threadId(), "message_id", message.messageId())));
            }
        }

        private void send(Said message) throws InterruptedException, SendFailedException {
            send(message.json());
        }

        private void send(String json) throws InterruptedException, SendFailedException {
            try {
                socket.sendText(json, true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            } catch (java.util.concurrent.ExecutionException | java.util.concurrent.TimeoutException e) {
                throw new SendFailedException(e);
            }
        }

        private void post(Said message) throws InterruptedException, SendFailedException {
            HttpResponse<String> response;
            try {
                response = http.send(
                        HttpRequest.newBuilder(URI.create(url + "/v1/threads/" + message.threadId() + "/messages"))
                                .header("X-Handfast-User", name)
                                .POST(HttpRequest.BodyPublishers.ofString(message.json()))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
            } catch (java.io.IOException e) {
                throw new SendFailedException(e);
            }
            Event answer = Event.of(response.body());
            if (response.statusCode() == 202) {
                accepted(message.threadId(), message.messageId(), answer);
            } else if (response.statusCode() != 429 && response.statusCode() != 503) {
                promises.broken("POST of " + message + " was answered " + response.statusCode() + " " + answer);
            }
        }

        private void delete(Deletion deletion) throws InterruptedException, SendFailedException {
            try {
                deletion.ask(url);
            } catch (java.io.IOException e) {
                throw new SendFailedException(e);
            }
        }

        private void accepted(String threadId, String messageId, Event answer) {
            promises.accepted(
                    threadId, messageId, answer.number("seq"), answer.string("run_id"), answer.is("duplicate"));
            unanswered.removeIf(waiting ->
                    waiting.threadId().equals(threadId) && waiting.messageId().equals(messageId));
        }

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            partial.append(part);
            if (last) {
                take(Event.of(partial.toString()));
                partial.setLength(0);
            }
            from.request(1);
            return CompletableFuture.completedStage(null);
        }

        private void take(Event frame) {
            switch (frame.type()) {
                case "subscribed" -> subscribed(frame);
                case "history_gap" -> {
                    if (!gapExpected) {
                        promises.broken(name + " was resumed, and then told of a gap: " + frame);
                    }
                }
                case "message_accepted" -> accepted(frame.string("thread_id"), frame.string("message_id"), frame);
                case "cancel_accepted" -> promises.cancelAccepted(frame.string("thread_id"), frame.string("run_id"));
                case "error" -> {
                    if (!HARMLESS.contains(frame.string("code"))) {
                        promises.broken(name + " was told " + frame);
                    }
                }
                case "connection_ready", "draining", "heartbeat", "heartbeat_ack" -> {}
                default -> event(frame);
            }
        }

        private void subscribed(Event frame) {
            String threadId = frame.string("thread_id");
            String epoch = frame.string("epoch");
            long position = frame.number("from_seq") - 1;
            Position before = positions.put(threadId, new Position(epoch, position));
            promises.inEpoch(threadId, epoch);
            gapExpected = before != null && !(frame.is("resumed") && before.equals(new Position(epoch, position)));
            if (before != null && gapExpected) {
                promises.gap(threadId, before.epoch(), before + " became " + frame);
            }
        }

        private void event(Event frame) {
            String threadId = frame.string("thread_id");
            Position position = positions.get(threadId);
            long first = frame.has("first_seq") ? frame.number("first_seq") : frame.number("seq");
            if (position == null || first != position.seq() + 1) {
                promises.broken(name + " stands at " + position + " and got " + frame);
                return;
            }
            positions.put(threadId, new Position(position.epoch(), frame.number("seq")));
            if (frame.has("first_seq")) {
                promises.shownTogether(threadId, position.epoch(), frame);
            } else {
                promises.shown(threadId, position.epoch(), frame.number("seq"), frame.text());
            }
        }

        @Override
        public CompletionStage<?> onClose(WebSocket from, int code, String reason) {
            closed.countDown();
            return CompletableFuture.completedStage(null);
        }

        @Override
        public void onError(WebSocket from, Throwable error) {
            if (error instanceof RuntimeException) {
                promises.broken(name + " cannot read what it got: " + error);
            }
            closed.countDown();
        }
    }

    /** The server is gone. */
    private static final class SendFailedException extends Exception {
        private SendFailedException(Exception cause) {
            super(cause);
        }
    }

    Line connect(String url) throws Exception {
        Line line = new Line(url);
        line.talker.start();
        return line;
    }

    private <T> T any(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }

    private static String json(Map<String, ?> frame) {
        return new String(Json.write(frame), StandardCharsets.UTF_8);
    }

    private Said newMessage() {
        String threadId = any(threads);
        String messageId = name + "-m" + messages++;
        Map<String, Object> frame = new LinkedHashMap<>();
        frame.put("type", "user_message");
        frame.put("thread_id", threadId);
        frame.put("message_id", messageId);
        frame.put("agent", "echo");
        frame.put("text", text());
        frame.put("options", options());
        return new Said(threadId, messageId, json(frame));
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int words = random.nextInt(12); words > 0; words--) {
            text.append(random.nextInt(30) == 0 ? "long".repeat(random.nextInt(2_000)) : "word" + words)
                    .append(' ');
        }
        return text.toString();
    }

    private Map<String, Object> options() {
        return switch (random.nextInt(8)) {
            case 0, 1 -> Map.of();
            case 2, 3 -> Map.of("chunk_delay_ms", 1 + random.nextInt(20));
            case 4, 5 -> Map.of("tool_delay_ms", 1 + random.nextInt(300));
            case 6 -> Map.of("hang_after_chunks", 0, "deadline_ms", 100 + random.nextInt(600));
            default -> Map.of("fail_after_chunks", 0);
        };
    }
}
