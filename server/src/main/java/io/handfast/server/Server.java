package io.handfast.server;

import io.handfast.agent.Agent;
import io.handfast.netty.GatewayConfig;
import io.handfast.netty.GatewayServer;
import io.handfast.netty.GatewayServices;
import io.handfast.netty.http.HttpRoute;
import io.handfast.run.AgentThreads;
import io.handfast.run.Launcher;
import io.handfast.run.LocalConversations;
import io.handfast.run.RunEnvironment;
import io.handfast.run.RunLimits;
import io.handfast.run.Scheduler;
import io.handfast.server.agui.AguiRoutes;
import io.handfast.server.config.Configuration;
import io.handfast.server.config.Policies;
import io.handfast.server.config.Settings;
import io.handfast.server.metrics.Metrics;
import io.handfast.server.publish.PublishRoutes;
import io.handfast.server.security.DoorKeeper;
import io.handfast.server.site.StaticSite;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole server: log, runs, agents, gateway, page and metrics, put together from a configuration. Several may run in one
 * process. {@link #drain} brings it to an end in peace, {@link #close} at once.
 */
public final class Server implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    /** How much later than its own deadline a step of the drain may end before it is left behind. */
    private static final Duration GRACE = Duration.ofMillis(300);

    /** How long the log may take to accept the ends of runs that an earlier process left open. */
    private static final Duration RECOVERY = Duration.ofSeconds(30);

    private final Settings settings;
    private final Metrics metrics;
    private final LogEngine engine;
    private final AgentCatalog agents;
    private final ScheduledThreadPoolExecutor timer;
    private final ExecutorService agentThreads;
    private final RunIds runIds = new RunIds();
    private final LocalConversations conversations;
    private volatile GatewayServer gateway;

    @SuppressWarnings("NullAway.Init") // the gateway takes connections as soon as it is there, so it comes last
    private Server(Settings settings, Metrics metrics, LogEngine engine, AgentCatalog agents) {
        this.settings = settings;
        this.metrics = metrics;
        this.engine = engine;
        this.agents = agents;
        this.timer = new ScheduledThreadPoolExecutor(1, new NamedThreads("handfast-timer"));
        timer.setRemoveOnCancelPolicy(true);
        this.agentThreads = AgentExecutor.create(settings.runs().threads());
        this.conversations = new LocalConversations(
                new RunEnvironment(
                        engine.log(),
                        new AgentThreads(Launcher.on(agentThreads)),
                        scheduler(),
                        System::nanoTime,
                        runIds,
                        metrics.runs(),
                        limits(settings.runs())),
                agents.agents());
    }

    private static RunLimits limits(Settings.Runs runs) {
        RunLimits limits = RunLimits.ofDefaults().withDeadline(runs.deadline()).withOpenRunsPerUser(runs.perUser());
        return runs.idleDeadline().map(limits::withIdleDeadline).orElse(limits);
    }

    /**
     * Starts a server: closes the runs that an earlier process left open, then takes connections. Blocks until it does, so that no
     * new run can begin before an old one of its thread is closed.
     *
     * @throws StartFailedException when the address or the log is not to be had
     */
    public static Server start(Configuration configuration) throws StartFailedException {
        return start(configuration, List.of());
    }

    /** The same with agents of one's own before all others; the first is the default, unless {@code default-agent} names one. */
    public static Server start(Configuration configuration, List<Agent> own) throws StartFailedException {
        Settings settings = configuration.settings();
        Metrics metrics = new Metrics(configuration.profile().profile());
        AgentCatalog agents = AgentCatalog.open(configuration, own);
        LogEngine engine = openLog(settings, metrics, agents);
        Server server = new Server(settings, metrics, engine, agents);
        try {
            server.recover();
            server.listen(configuration);
        } catch (StartFailedException | RuntimeException e) {
            server.closeServices();
            throw e;
        }
        return server;
    }

    private static LogEngine openLog(Settings settings, Metrics metrics, AgentCatalog agents)
            throws StartFailedException {
        try {
            return LogEngine.open(settings, metrics.log());
        } catch (StartFailedException | RuntimeException e) {
            agents.close();
            throw e;
        }
    }

    private void listen(Configuration configuration) throws StartFailedException {
        ReadinessRoutes readiness = new ReadinessRoutes(Policies.readiness(settings.readiness()));
        List<HttpRoute> routes = new ArrayList<>(site().routes());
        routes.add(metrics.route(engine.loads()));
        routes.add(new StatusRoute(configuration, readiness::inForce).route());
        routes.addAll(readiness.routes());
        routes.addAll(new PublishRoutes(
                        engine.log(),
                        conversations.outside(),
                        runIds,
                        settings.runs().deadline(),
                        settings.runs().idleDeadline().orElse(settings.runs().deadline()))
                .routes());
        routes.add(new BackUpRoute(engine, settings.data()).route());
        try {
            gateway = GatewayServer.start(
                    gatewayConfig(),
                    new GatewayServices(
                            engine.log(),
                            conversations,
                            DoorKeeper.of(settings, Clock.systemUTC()),
                            user -> readiness.inForce(),
                            metrics.connections(),
                            streams -> {
                                List<HttpRoute> all = new ArrayList<>(routes);
                                all.addAll(new AguiRoutes(engine.log(), conversations, streams).routes());
                                return all;
                            }));
        } catch (IOException e) {
            throw notListening(e);
        }
        LOG.atInfo()
                .addKeyValue("profile", settings.env().wireName())
                .addKeyValue("chosen_by", configuration.profile().source())
                .addKeyValue("strategy", Policies.name(readiness.inForce().strategy()))
                .addKeyValue("log", settings.log())
                .addKeyValue(
                        "agents",
                        conversations.agents().stream().map(Agent::name).toList())
                .log("started");
        if (conversations.agents().isEmpty()) {
            LOG.warn(
                    "no agent is configured: messages are refused, and only runs from outside are taken; docs/agents.md");
        }
        if (settings.env().anonymousAllowed() && !address().getAddress().isLoopbackAddress()) {
            LOG.warn(
                    "everybody who reaches {} may come in without a token: the profile is {}",
                    address(),
                    settings.env().wireName());
        }
    }

    private static StaticSite site() throws StartFailedException {
        try {
            return StaticSite.load();
        } catch (IOException e) {
            throw new StartFailedException(
                    "the page cannot be read from the program's own files: " + e.getMessage(), e);
        }
    }

    private GatewayConfig gatewayConfig() {
        GatewayConfig defaults = GatewayConfig.ofDefaults();
        GatewayConfig.Sockets sockets = defaults.sockets();
        Set<String> origins = new HashSet<>(settings.allowedOrigins().orElse(List.of()));
        return new GatewayConfig(
                settings.host(),
                settings.port(),
                origins,
                settings.maxMessageBytes(),
                settings.connection().coalescing(),
                Policies.connection(settings),
                defaults.http(),
                new GatewayConfig.Sockets(
                        settings.ioThreads(), sockets.backlog(), sockets.lowWater(), sockets.highWater()),
                defaults.reconnectAfter(),
                defaults.streamKeepAlive());
    }

    private StartFailedException notListening(IOException e) {
        String cause = String.valueOf((e.getCause() == null ? e : e.getCause()).getMessage());
        String why = cause.contains("Address already in use")
                ? "the address is in use, by another program; choose another port with --port"
                // Netty names the system call and the number of its error first.
                : cause.replaceFirst("^bind\\(\\.\\.\\) failed with error\\(-?[0-9]+\\): ", "")
                        + "; choose another address with --host and --port";
        return new StartFailedException(
                "cannot listen on " + settings.host() + ":" + settings.port() + ": " + why
                        + ", or any free port with --port 0",
                e);
    }

    private void recover() throws StartFailedException {
        try {
            int lost = conversations.recover().toCompletableFuture().get(RECOVERY.toSeconds(), TimeUnit.SECONDS);
            if (lost > 0) {
                LOG.atInfo().addKeyValue("runs", lost).log("closed the runs that an earlier process left open");
            }
        } catch (TimeoutException | ExecutionException e) {
            throw new StartFailedException(
                    "the runs that an earlier process left open cannot be closed: the log takes no appends. Why is said above",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartFailedException("interrupted while the runs of an earlier process were closed", e);
        }
    }

    private Scheduler scheduler() {
        return (delayNanos, task) -> {
            ScheduledFuture<?> scheduled = timer.schedule(task, delayNanos, TimeUnit.NANOSECONDS);
            return () -> scheduled.cancel(false);
        };
    }

    /** The address that is bound, with the port that the system chose. */
    public InetSocketAddress address() {
        return gateway.address();
    }

    /** Where a browser on this machine finds the server. */
    public String url() {
        String host = settings.host().contains(":") ? "[" + settings.host() + "]" : settings.host();
        return "http://" + host + ":" + address().getPort();
    }

    /**
     * Ends in peace, within {@code drain.runs} and {@code drain.connections}: refuses what is new, lets runs go on for a while, tells
     * the clients, lets pending events leave, and closes everything. Blocks until done.
     */
    public void drain() {
        LOG.info("draining");
        Duration runs = settings.drain().runs();
        Duration connections = settings.drain().connections();
        gateway.refuseNew();
        await("runs", conversations.drain(runs), runs.plus(GRACE));
        await("connections", gateway.drain(connections), connections.plus(GRACE));
        close();
        LOG.info("ended");
    }

    private static void await(String what, CompletionStage<Void> step, Duration patience) {
        try {
            step.toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.atWarn().addKeyValue("step", what).log("the drain goes on without waiting any longer");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            LOG.atWarn().addKeyValue("step", what).setCause(e).log("a step of the drain failed");
        }
    }

    /** Ends at once: connections are cut, and agents interrupted. May be called again. */
    @Override
    public void close() {
        gateway.close();
        closeServices();
    }

    private void closeServices() {
        agentThreads.shutdownNow();
        timer.shutdownNow();
        engine.close();
        agents.close();
        metrics.close();
    }
}
