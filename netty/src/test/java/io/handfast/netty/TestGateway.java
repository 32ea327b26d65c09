package io.handfast.netty;

import io.handfast.agent.Agent;
import io.handfast.agent.AgentEvents;
import io.handfast.agent.AgentRequest;
import io.handfast.connection.ConnectionLimits;
import io.handfast.log.EmbeddedThreadLog;
import io.handfast.log.LogLimits;
import io.handfast.log.LogObserver;
import io.handfast.log.MemoryStore;
import io.handfast.log.Store;
import io.handfast.log.ThreadLog;
import io.handfast.netty.http.Caller;
import io.handfast.netty.http.Gatekeeper;
import io.handfast.netty.http.Gatekeeper.Admission;
import io.handfast.netty.http.Gatekeeper.Knock;
import io.handfast.netty.http.HttpLimits;
import io.handfast.netty.http.HttpRoute;
import io.handfast.netty.http.Problem;
import io.handfast.readiness.Profile;
import io.handfast.run.AgentThreads;
import io.handfast.run.Agents;
import io.handfast.run.Launcher;
import io.handfast.run.LocalConversations;
import io.handfast.run.RunEnvironment;
import io.handfast.run.RunLimits;
import io.handfast.run.RunObserver;
import io.handfast.run.Scheduler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A gateway on a free port over a log in memory, with an agent that repeats what it is told, word by word. */
final class TestGateway implements AutoCloseable {
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService writer = Executors.newSingleThreadExecutor();
    private final ExecutorService workers = Executors.newCachedThreadPool();
    private final EmbeddedThreadLog log;
    private final GatewayConfig config;
    private final GatewayServices services;
    private final GatewayServer server;

    /** What a test wants to be otherwise. */
    static final class Wishes {
        private ConnectionLimits limits = ConnectionLimits.ofDefaults();
        private HttpLimits http = HttpLimits.ofDefaults();
        private Set<String> origins = Set.of();
        private int maxMessageBytes = 1024 * 1024;
        private boolean coalescing = true;
        private LogLimits logLimits = LogLimits.forMemory();
        private Store store = new MemoryStore(EmbeddedThreadLog.randomName());
        private GatewayMetrics metrics = GatewayMetrics.NONE;
        private @Nullable Gatekeeper gatekeeper;
        private final List<HttpRoute> routes = new ArrayList<>();

        Wishes limits(ConnectionLimits wanted) {
            limits = wanted;
            return this;
        }

        /** The limits but one: how long the server waits for the peer's Close. */
        Wishes closingWithin(Duration closeTimeout) {
            limits = new ConnectionLimits(
                    limits.heartbeat(),
                    limits.maxAge(),
                    limits.heldFrames(),
                    limits.heldBytes(),
                    limits.slowConsumer(),
                    closeTimeout,
                    limits.readBytes(),
                    limits.pendingRequests(),
                    limits.subscriptions());
            return this;
        }

        Wishes http(HttpLimits wanted) {
            http = wanted;
            return this;
        }

        Wishes origins(String... wanted) {
            origins = Set.of(wanted);
            return this;
        }

        Wishes maxMessageBytes(int wanted) {
            maxMessageBytes = wanted;
            return this;
        }

        Wishes coalescing(boolean wanted) {
            coalescing = wanted;
            return this;
        }

        Wishes log(LogLimits wanted) {
            logLimits = wanted;
            return this;
        }

        Wishes store(Store wanted) {
            store = wanted;
            return this;
        }

        Wishes metrics(GatewayMetrics wanted) {
            metrics = wanted;
            return this;
        }

        Wishes gatekeeper(Gatekeeper wanted) {
            gatekeeper = wanted;
            return this;
        }

        Wishes route(HttpRoute route) {
            routes.add(route);
            return this;
        }

        TestGateway start() {
            return new TestGateway(this);
        }
    }

    static TestGateway start() {
        return new Wishes().start();
    }

    private TestGateway(Wishes wishes) {
        log = new EmbeddedThreadLog(new EmbeddedThreadLog.Setup(
                wishes.store,
                writer,
                workers,
                () -> TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()),
                EmbeddedThreadLog::randomName,
                wishes.logLimits,
                LogObserver.NONE));
        LocalConversations conversations = new LocalConversations(
                new RunEnvironment(
                        log,
                        new AgentThreads(Launcher.on(workers)),
                        this::schedule,
                        System::nanoTime,
                        () -> UUID.randomUUID().toString(),
                        RunObserver.NONE,
                        RunLimits.ofDefaults()),
                new Agents(List.of(new Parrot(), new Sleeper())));
        config = new GatewayConfig(
                "127.0.0.1",
                0,
                wishes.origins,
                wishes.maxMessageBytes,
                wishes.coalescing,
                wishes.limits,
                wishes.http,
                GatewayConfig.Sockets.ofDefaults(),
                Duration.ofMillis(100),
                Duration.ofSeconds(15));
        services = new GatewayServices(
                log,
                conversations,
                Objects.requireNonNullElse(wishes.gatekeeper, TestGateway::anybody),
                user -> Profile.TESTING.readiness(),
                wishes.metrics,
                streams -> wishes.routes);
        try {
            server = another();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One more instance, with the same log and the same agents behind it. */
    GatewayServer another() throws IOException {
        return GatewayServer.start(config, services);
    }

    private Scheduler.Scheduled schedule(long delayNanos, Runnable task) {
        Future<?> future = timer.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    /** Everybody is who he says he is, but {@code Bearer wrong} is refused and {@code Bearer short} ends in 3 s. */
    static CompletionStage<Admission> anybody(Knock knock) {
        String shown = Objects.requireNonNullElse(
                knock.authorization(), knock.bearerProtocol() == null ? "" : "Bearer " + knock.bearerProtocol());
        if (shown.equals("Bearer wrong")) {
            return CompletableFuture.completedFuture(
                    new Admission.Refused(Problem.of(401, "unauthorized", "the token is wrong")));
        }
        Instant expiry = shown.equals("Bearer short") ? Instant.now().plusSeconds(3) : null;
        String user = Objects.requireNonNullElse(knock.upgrade() ? knock.queryUser() : knock.userHeader(), "anonymous");
        return CompletableFuture.completedFuture(new Admission.Admitted(new Caller(user, expiry, Set.of("chat"))));
    }

    InetSocketAddress address() {
        return server.address();
    }

    GatewayServer server() {
        return server;
    }

    ThreadLog log() {
        return log;
    }

    RawClient client() {
        return new RawClient(address());
    }

    @Override
    public void close() {
        server.close();
        workers.shutdownNow();
        timer.shutdownNow();
        log.close();
        writer.shutdownNow();
    }

    /** Repeats the text in words. */
    private static final class Parrot implements Agent {
        @Override
        public String name() {
            return "parrot";
        }

        @Override
        public String description() {
            return "Repeats what it is told.";
        }

        @Override
        public void run(AgentRequest request, AgentEvents events) {
            events.thinking("what was that?");
            for (String word : request.text().split("(?<= )", -1)) {
                events.chunk(word);
            }
        }
    }

    /** Says nothing until it is stopped. */
    private static final class Sleeper implements Agent {
        @Override
        public String name() {
            return "sleeper";
        }

        @Override
        public String description() {
            return "Never answers.";
        }

        @Override
        public void run(AgentRequest request, AgentEvents events) throws InterruptedException {
            new CountDownLatch(1).await();
        }
    }
}
