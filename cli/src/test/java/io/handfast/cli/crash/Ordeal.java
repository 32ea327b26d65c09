package io.handfast.cli.crash;

import io.handfast.cli.Command;
import io.handfast.cli.crash.ThreadCopy.Interruption;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Servers, one after the other on one directory, of which most are killed, and the users who come back to each of them. */
final class Ordeal {
    private static final int USERS = 3;
    private static final int THREADS_EACH = 3;

    /** A thread with more events than this is left alone from then on, and only looked at. */
    private static final int EVENTS_MAX = 300;

    private static final int PROMISES_MAX = 500;
    private static final int TELL_EVERY = 10;
    private static final long LIFE_MAX_MILLIS = 3_000;
    private static final int SIGKILLED = 128 + 9;

    private final Path directory;
    private final String durability;
    private final long seed;
    private final Random random;
    private final HttpClient http = HttpClient.newHttpClient();
    private final Promises promises = new Promises(this::promised);
    private final Map<User, List<String>> users = new LinkedHashMap<>();
    private final List<Stream> streams = new ArrayList<>();

    /** Threads in which nobody talks any more, with their users. */
    private final Map<String, User> old = new LinkedHashMap<>();

    /** What counts promises down until the present server dies. */
    private volatile Fuse fuse = new Fuse(0, () -> {});

    private int names;
    private long deadFromMicros;
    private Interruption interruption = new Interruption(0, 0, 0);

    Ordeal(Path directory, String durability, long seed, long ownSeed) {
        this.directory = directory;
        this.durability = durability;
        this.seed = seed;
        this.random = new Random(ownSeed);
        for (int i = 0; i < USERS; i++) {
            User user = new User(http, promises, "user" + i, random.nextLong());
            List<String> threads = new ArrayList<>();
            for (int t = 0; t < THREADS_EACH; t++) {
                threads.add(newThread(user));
            }
            user.talkIn(threads);
            users.put(user, threads);
        }
    }

    /** Burns with each promise, and acts at once on the last: whoever promised it may not have kept it yet. */
    private static final class Fuse {
        private final AtomicInteger left;
        private final Runnable end;
        private final CountDownLatch burnt = new CountDownLatch(1);

        private Fuse(int promises, Runnable end) {
            this.left = new AtomicInteger(promises);
            this.end = end;
        }

        void burn() {
            if (left.getAndDecrement() == 0) {
                end.run();
                burnt.countDown();
            }
        }

        boolean burnt() {
            return left.get() < 0;
        }

        void await(long millis) throws InterruptedException {
            boolean unused = burnt.await(millis, TimeUnit.MILLISECONDS);
        }
    }

    private void promised() {
        fuse.burn();
    }

    private String newThread(User user) {
        String threadId = durability + "-" + names++;
        if (names % 2 == 0) {
            streams.add(new Stream(http, promises, user.name(), threadId));
        }
        return threadId;
    }

    /** Ends when this many servers were killed, and the last one was found to be right. */
    Lives run(int kills) throws Exception {
        int early = 0;
        int stops = 0;
        int told = 0;
        long begun = System.nanoTime();
        for (int killed = 0; killed < kills; ) {
            int chance = random.nextInt(10);
            if (killed > 0 && chance == 0) {
                killEarly();
                early++;
                killed++;
            } else {
                boolean stopped = chance == 1;
                live(stopped, "life " + (killed + stops));
                stops += stopped ? 1 : 0;
                killed += stopped ? 0 : 1;
            }
            if (killed >= told + TELL_EVERY) {
                told = killed;
                System.out.printf(
                        "%s, seed %d: %d of %d kills, %d s%n",
                        durability, seed, killed, kills, TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun));
            }
        }
        try (Command server = start()) {
            String url = server.url();
            for (Map.Entry<String, User> thread : old.entrySet()) {
                look(url, thread.getValue(), thread.getKey());
            }
            examine(url);
            holds("the last life");
        }
        return new Lives(
                kills,
                early,
                stops,
                promises.acceptedCount(),
                promises.repeatedCount(),
                promises.shownCount(),
                promises.deletedCount(),
                interruption);
    }

    private Command start() throws Exception {
        return Command.start(
                Map.of("JDK_JAVA_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xshare:auto"),
                "serve",
                "--port",
                "0",
                "--data",
                directory.toString(),
                "--durability",
                durability,
                "--builtin-agents",
                "echo",
                "--drain-runs",
                "200ms");
    }

    /** A server that is killed while it starts, perhaps while it closes the runs of the one before it. */
    private void killEarly() throws Exception {
        try (Command server = start()) {
            server.endsWithin(Duration.ofMillis(200 + random.nextInt(1_000)));
            server.kill();
            if (server.exitCode() != SIGKILLED) {
                promises.broken("the server ended by itself: " + server.standardError());
            }
            died(durability.equals("memory"));
        }
    }

    private void live(boolean stopped, String name) throws Exception {
        try (Command server = start()) {
            String url = server.url();
            examine(url);
            if (promises.deletedCount() == 0) {
                users.keySet().iterator().next().deleteSurely(url, durability + "-doomed");
            }
            holds(name);

            Fuse present = new Fuse(random.nextInt(PROMISES_MAX), stopped ? () -> {} : server::kill);
            fuse = present;
            List<User.Line> lines = new ArrayList<>();
            for (User user : users.keySet()) {
                try {
                    lines.add(user.connect(url));
                } catch (ExecutionException e) {
                    if (!present.burnt()) {
                        throw e;
                    }
                }
            }
            streams.forEach(stream -> stream.connect(url));
            present.await(LIFE_MAX_MILLIS);
            if (stopped) {
                server.signal("TERM");
                if (server.exitCode() != 0) {
                    promises.broken("the server did not end in peace: " + server.standardError());
                }
            } else {
                server.kill();
                if (server.exitCode() != SIGKILLED) {
                    promises.broken("the server ended by itself: " + server.standardError());
                }
            }
            deadFromMicros = ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now());
            for (User.Line line : lines) {
                line.awaitEnd();
            }
            for (Stream stream : streams) {
                stream.awaitEnd();
            }
            died(!stopped && durability.equals("memory"));
            holds(name);
        }
    }

    private void died(boolean mayForget) {
        promises.died(mayForget);
        users.keySet().forEach(user -> user.serverDied(mayForget));
    }

    private void holds(String life) {
        List<String> broken = promises.broken();
        if (!broken.isEmpty()) {
            throw new AssertionError("durability " + durability + ", seed " + seed + ", " + life + ": " + broken.size()
                    + " promises were broken:\n  "
                    + String.join("\n  ", broken.subList(0, Math.min(20, broken.size()))));
        }
    }

    /** Looks at every thread in use, before anybody says anything new, and at one that is not. */
    private void examine(String url) throws Exception {
        for (Map.Entry<User, List<String>> threads : users.entrySet()) {
            User user = threads.getKey();
            for (int i = 0; i < threads.getValue().size(); i++) {
                String threadId = threads.getValue().get(i);
                if (look(url, user, threadId) > EVENTS_MAX) {
                    old.put(threadId, user);
                    replace(user, threads.getValue(), i);
                }
            }
            user.examineDeletions(url);
            if (random.nextInt(4) == 0) {
                int unwanted = random.nextInt(THREADS_EACH);
                user.delete(threads.getValue().get(unwanted));
                replace(user, threads.getValue(), unwanted);
            }
            user.talkIn(threads.getValue());
        }
        if (!old.isEmpty()) {
            Map.Entry<String, User> thread = List.copyOf(old.entrySet()).get(random.nextInt(old.size()));
            look(url, thread.getValue(), thread.getKey());
        }
    }

    /** Nobody talks or reads in this thread any more. */
    private void replace(User user, List<String> threads, int at) {
        String threadId = threads.get(at);
        streams.removeIf(stream -> stream.threadId().equals(threadId));
        threads.set(at, newThread(user));
    }

    private int look(String url, User user, String threadId) throws Exception {
        ThreadCopy copy = ThreadCopy.read(http, url, user.name(), threadId);
        promises.check(copy);
        List<String> wrong = new ArrayList<>();
        interruption = interruption.plus(copy.examine(deadFromMicros, wrong));
        wrong.forEach(promises::broken);
        return copy.events().size();
    }
}
