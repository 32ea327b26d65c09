package io.handfast.server.config;

import static io.handfast.server.config.Setting.Tier.AGENT;
import static io.handfast.server.config.Setting.Tier.AGUI;
import static io.handfast.server.config.Setting.Tier.ESSENTIAL;
import static io.handfast.server.config.Setting.Tier.FREQUENT;
import static io.handfast.server.config.Setting.Tier.OPENAI;
import static io.handfast.server.config.Setting.Tier.RARE;

import io.handfast.agents.upstream.WhenFull;
import io.handfast.readiness.Profile;
import io.handfast.readiness.ReadinessPolicy;
import io.handfast.rocksdb.Durability;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * All settings, each with one name: {@code handfast.readiness.strategy} in a file or as a system property,
 * {@code HANDFAST_READINESS_STRATEGY} in the environment, {@code --readiness-strategy} on the command line. docs/config.md is
 * generated from this interface. A value that a profile chooses has its default in {@link ProfileDefaults}.
 */
@ConfigMapping(prefix = "handfast")
public interface Settings {

    // ---- essential

    @Setting(
            tier = ESSENTIAL,
            effect = "The profile: chooses who may come in, and many defaults. Without it `ENVIRONMENT` decides, then"
                    + " `K_SERVICE` (Cloud Run: `production`), then the address: `development` on a loopback address, else"
                    + " `production`.")
    Profile env();

    @Setting(tier = ESSENTIAL, effect = "The address to listen on.", allowed = "an address or a name of this machine")
    @WithDefault("127.0.0.1")
    String host();

    @Setting(tier = ESSENTIAL, effect = "The port to listen on; 0 takes any that is free.", min = "0", max = "65535")
    @WithDefault("8080")
    int port();

    @Setting(
            tier = ESSENTIAL,
            effect =
                    "Where the threads' logs are kept: in the directory `data`, or in memory, where they end with the process.",
            pattern = "memory|rocksdb",
            allowed = "memory or rocksdb")
    @WithDefault("rocksdb")
    String log();

    @Setting(tier = ESSENTIAL, effect = "The directory of the log `rocksdb`.")
    @WithDefault("data")
    Path data();

    @Setting(
            tier = FREQUENT,
            effect =
                    "What an acknowledged message survives with the log `rocksdb`: `memory` a clean restart, `process` the death of"
                            + " the process, `disk` that of the machine.")
    Durability durability();

    Retention retention();

    /** How much of the past is kept; the oldest goes first. Where a value is missing, the log's own applies. */
    interface Retention {
        @Setting(
                tier = FREQUENT,
                effect =
                        "How long an event is kept; looked after about once a minute. Without a value `30d`, and with the log"
                                + " `memory` for ever.",
                min = "1s",
                max = "36500d")
        Optional<Duration> age();

        @Setting(
                tier = FREQUENT,
                effect =
                        "Bytes of events kept over all threads. Without a value they are not bounded, and `256MiB` with the log"
                                + " `memory`.",
                min = "1MiB",
                max = "1024TiB")
        Optional<Size> bytesTotal();

        @Setting(
                tier = RARE,
                effect =
                        "Bytes of events kept of one thread. Without a value `256MiB`, and `32MiB` with the log `memory`.",
                min = "1MiB",
                max = "1TiB")
        Optional<Size> bytesPerThread();

        @Setting(
                tier = RARE,
                effect = "Events kept of one thread. Without a value `1000000`, and `100000` with the log `memory`.",
                min = "8",
                max = "100000000")
        OptionalInt eventsPerThread();
    }

    @Setting(
            tier = ESSENTIAL,
            effect = "Pages of these origins may call, beside those of the server's own host; comma-separated.",
            pattern = "https?://[^/\\s*]+/?",
            allowed = "origins such as https://chat.example.org, without path or wildcard")
    Optional<List<String>> allowedOrigins();

    Auth auth();

    /** Who may come in. */
    interface Auth {
        @Setting(
                tier = ESSENTIAL,
                secret = true,
                effect =
                        "The key of the HS256 tokens with which users show who they are. `staging` and `production` do not start"
                                + " without it.",
                allowed = "at least 32 bytes")
        Optional<String> jwtSecret();

        @Setting(
                tier = RARE,
                effect = "How far a token's `nbf` may lie ahead of this machine's clock.",
                min = "0s",
                max = "5s")
        @WithDefault("5s")
        Duration leeway();
    }

    // ---- readiness

    Readiness readiness();

    /** How a connection becomes READY. */
    interface Readiness {
        @Setting(tier = FREQUENT, effect = "How a new connection becomes READY.")
        ReadinessPolicy.Strategy strategy();

        @Setting(
                tier = FREQUENT,
                effect =
                        "What becomes of a connection without proof at the deadline: it is used and marked `assumed`, or closed"
                                + " with 4002.")
        ReadinessPolicy.Unproven unproven();

        @Setting(tier = FREQUENT, effect = "Who is sent `handshake_validation`.")
        ReadinessPolicy.ValidationMessage validationMessage();

        @Setting(tier = RARE, effect = "Pause of `proof` between the 101 and the first Ping.", min = "0ms", max = "10s")
        @WithName("settle-ms")
        Duration settle();

        @Setting(tier = FREQUENT, effect = "By when `proof` has to be given.", min = "100ms", max = "60s")
        Duration deadline();

        Timed timed();
    }

    /** The stages of the strategy {@code timed} (R4, R5). */
    interface Timed {
        @Setting(tier = RARE, effect = "First pause of `timed` behind the 101.", min = "0ms", max = "10s")
        Duration settle();

        @Setting(
                tier = RARE,
                effect = "Pauses before each re-check of whether the 101 is written.",
                min = "0ms",
                max = "10s")
        Optional<List<Duration>> rechecks();

        @Setting(tier = RARE, effect = "Pause behind the re-checks.", min = "0ms", max = "10s")
        Duration finalPause();

        @Setting(tier = RARE, effect = "Whether `timed` writes a validation message at the end.")
        boolean validate();

        @Setting(tier = RARE, effect = "How long the write of the first one may take.", min = "1ms", max = "60s")
        Duration firstTimeout();

        @Setting(tier = RARE, effect = "How long the write of each further one may take.", min = "1ms", max = "60s")
        Duration retryTimeout();

        @Setting(tier = RARE, effect = "Pauses before each further one.", min = "0ms", max = "10s")
        Optional<List<Duration>> retryPauses();
    }

    // ---- connections

    @Setting(
            tier = FREQUENT,
            effect =
                    "Silence after which a heartbeat goes out; after two of them without a sign of life the peer is gone. At most"
                            + " a third of what the edge allows an idle connection.",
            min = "100ms",
            max = "1h")
    @WithName("heartbeat-ms")
    Duration heartbeat();

    @Setting(
            tier = FREQUENT,
            effect = "Age at which a connection is rotated with 4001. Below the absolute limit of the edge.",
            min = "1s",
            max = "30d")
    @WithName("max-age-ms")
    Duration maxAge();

    @Setting(
            tier = FREQUENT,
            effect = "Largest message of a client; a larger one closes with 1009.",
            min = "1024",
            max = "16777216")
    @WithDefault("1048576")
    int maxMessageBytes();

    @Setting(
            tier = FREQUENT,
            effect = "How long blocked output may make no progress before 4000.",
            min = "100ms",
            max = "1h")
    @WithName("slow-consumer-ms")
    Duration slowConsumer();

    Connection connection();

    /** Bounds of one connection. */
    interface Connection {
        @Setting(tier = RARE, effect = "Frames kept before READY; one more closes with 4504.", min = "1", max = "4096")
        int heldFrames();

        @Setting(tier = RARE, effect = "Bytes kept before READY; more close with 4504.", min = "1024", max = "16777216")
        int heldBytes();

        @Setting(tier = RARE, effect = "How long to wait for the peer's Close.", min = "10ms", max = "10s")
        Duration closeTimeout();

        @Setting(tier = RARE, effect = "Threads that one connection may watch.", min = "1", max = "4096")
        int subscriptions();

        @Setting(
                tier = RARE,
                effect = "Requests of one client without an answer, beyond which nothing more is read from it.",
                min = "1",
                max = "4096")
        int pendingRequests();

        @Setting(tier = RARE, effect = "Bytes of events taken from the log at once.", min = "1024", max = "1048576")
        int readBytes();

        @Setting(
                tier = RARE,
                effect =
                        "Whether adjacent `agent_response_chunk` events that wait for the same WebSocket leave as one frame with"
                                + " `first_seq`. Turn it off for clients that check `seq` alone.")
        @WithDefault("true")
        boolean coalescing();
    }

    // ---- agents

    @Setting(
            tier = FREQUENT,
            effect =
                    "The agent that answers where a message names none. Without it the first one that there is: those of"
                            + " `handfast.agents` by name, but `assistant` last; those of `handfast.plugins`; those of"
                            + " `handfast.builtin-agents`.",
            allowed = "the name of an agent that there is")
    Optional<String> defaultAgent();

    @Setting(
            tier = FREQUENT,
            effect =
                    "Which of the agents that come with Handfast may be asked, in this order: `echo`, `docs`, or `none`.",
            pattern = "echo|docs|none",
            allowed = "echo, docs or none")
    List<String> builtinAgents();

    @Setting(
            tier = FREQUENT,
            effect =
                    "A directory whose jars bring agents and tools written in Java. What is in it runs as part of the server.")
    Optional<Path> plugins();

    Map<String, AgentSettings> agents();

    /** What is behind the name of an agent. */
    enum AgentType {
        AGUI,
        OPENAI
    }

    /** One agent. */
    interface AgentSettings {
        @Setting(
                tier = AGENT,
                effect =
                        "`agui`: an agent in another process that speaks AG-UI over HTTP. `openai`: a chat model behind an"
                                + " endpoint that speaks OpenAI's chat completions.")
        @WithDefault("agui")
        AgentType type();

        @Setting(tier = AGENT, effect = "Whether it may be asked.")
        @WithDefault("true")
        boolean enabled();

        @Setting(
                tier = AGENT,
                effect = "One sentence for people who choose. Without it the name, or that of the model.")
        Optional<String> description();

        @Setting(
                tier = AGENT,
                effect =
                        "How long a run of this agent may take, in place of `handfast.runs.deadline`; the option `deadline_ms`"
                                + " of a message can shorten it.",
                min = "100ms",
                max = "24h")
        Optional<Duration> deadline();

        @Setting(
                tier = AGENT,
                effect = "Until the connection to its service stands, TLS included.",
                min = "10ms",
                max = "10m")
        @WithDefault("5s")
        Duration connectTimeout();

        @Setting(
                tier = AGENT,
                effect = "From sending the request until the head of the answer is there.",
                min = "10ms",
                max = "1h")
        @WithDefault("1m")
        Duration headTimeout();

        @Setting(
                tier = AGENT,
                effect =
                        "Between two reads of the answer; any byte counts, also a comment that keeps the stream alive.",
                min = "10ms",
                max = "24h")
        @WithDefault("2m")
        Duration idleTimeout();

        @Setting(tier = AGENT, effect = "Runs under way at once.", min = "1", max = "100000")
        @WithDefault("64")
        int maxRuns();

        @Setting(
                tier = AGENT,
                effect = "A run beyond that waits for its turn (its deadline counts), or ends with a retryable"
                        + " `agent_error`.")
        @WithDefault("wait")
        WhenFull whenFull();

        @Setting(
                tier = AGENT,
                effect = "How many earlier messages of the thread are sent, the latest. Without it 200 to `agui`, 40 to"
                        + " `openai`.",
                min = "0",
                max = "100000")
        OptionalInt historyTurnsMax();

        @Setting(tier = AGUI, effect = "Where runs are posted. Required.")
        Optional<URI> url();

        @Setting(
                tier = AGUI,
                secret = true,
                entry = "<header>",
                effect =
                        "Sent with every request. `${NAME}` is replaced by that variable of the environment; one that is not"
                                + " set keeps the server from starting.",
                pattern = "[\\x20-\\x7e]+",
                allowed = "plain ASCII")
        Map<String, String> headers();

        @Setting(
                tier = AGUI,
                effect = "The most that one event of the agent may have, and the arguments of one tool call.",
                min = "1024",
                max = "16777216")
        @WithDefault("1048576")
        int maxEventBytes();

        @Setting(tier = OPENAI, effect = "The endpoint, up to before `/chat/completions`.")
        @WithDefault("https://api.openai.com/v1")
        URI baseUrl();

        @Setting(tier = OPENAI, effect = "The model's name there. Required.")
        Optional<String> model();

        @Setting(
                tier = OPENAI,
                secret = true,
                effect =
                        "The key, by reference to the environment; without it none is sent. A variable that is not set keeps"
                                + " the server from starting.",
                pattern = "\\$\\{[A-Za-z_][A-Za-z0-9_]*}",
                allowed = "a reference to the environment, `${NAME}`")
        Optional<String> apiKey();

        @Setting(tier = OPENAI, effect = "What the model is told before everything else.")
        Optional<String> systemPrompt();

        @Setting(
                tier = OPENAI,
                effect = "How freely the model words its answers. Without it the model's.",
                min = "0",
                max = "2")
        OptionalDouble temperature();

        @Setting(
                tier = OPENAI,
                effect =
                        "The most that one answer may have; one that was cut there has the `custom` event `finish_reason`"
                                + " `length`. Without it the model's.",
                min = "1",
                max = "100000000")
        OptionalInt maxOutputTokens();

        @Setting(
                tier = OPENAI,
                effect = "What the model may call, in the order in which it is told.",
                allowed = "names of tool sets that jars of `handfast.plugins` offer")
        Optional<List<String>> tools();

        @Setting(
                tier = OPENAI,
                effect = "How often in one run the model may ask for tools before it must answer.",
                min = "0",
                max = "1000")
        @WithDefault("8")
        int maxToolRounds();
    }

    Runs runs();

    /** Bounds of a run. */
    interface Runs {
        @Setting(
                tier = FREQUENT,
                effect = "How long an agent may work, counted from `agent_started`.",
                min = "100ms",
                max = "24h")
        @WithDefault("2m")
        Duration deadline();

        @Setting(
                tier = FREQUENT,
                effect =
                        "How long an agent may be silent, counted from its last event; without it, until its deadline. Also how"
                                + " long the producer of a run fed from outside may be, unless it asks for another time; without it as"
                                + " long as `runs.deadline`.",
                min = "100ms",
                max = "24h")
        Optional<Duration> idleDeadline();

        @Setting(
                tier = FREQUENT,
                effect =
                        "Runs of one thread that have not ended: one works, the others wait for their turn. With 1 a message is"
                                + " refused with `too_many_runs` while another is answered.",
                min = "1",
                max = "1000")
        @WithDefault("16")
        int perThread();

        @Setting(
                tier = FREQUENT,
                effect =
                        "Runs of one user that have not ended; a message beyond that is refused with `too_many_runs`. 0 sets no"
                                + " bound.",
                min = "0",
                max = "1000000")
        int perUser();

        @Setting(
                tier = RARE,
                effect = "Threads for agents, and so runs at a time, on a JVM without virtual threads.",
                min = "1",
                max = "10000")
        @WithDefault("256")
        int threads();
    }

    // ---- operation

    @Setting(tier = FREQUENT, effect = "The least level that is logged.")
    @WithDefault("info")
    LogLevel logLevel();

    @Setting(tier = FREQUENT, effect = "Lines for people, or one JSON object each.")
    @WithDefault("text")
    LogFormat logFormat();

    Drain drain();

    /** What happens between SIGTERM and the end. */
    interface Drain {
        @Setting(
                tier = RARE,
                effect = "How long runs may go on after SIGTERM; then they end with `agent_lost`.",
                min = "0s",
                max = "6s")
        @WithDefault("4s")
        Duration runs();

        @Setting(
                tier = RARE,
                effect = "How long pending events may take to leave after that.",
                min = "100ms",
                max = "6s")
        @WithDefault("2s")
        Duration connections();
    }

    @Setting(tier = RARE, effect = "Event loops; 0 takes one for each core.", min = "0", max = "1024")
    @WithDefault("0")
    int ioThreads();

    /** The level of the log. */
    enum LogLevel {
        ERROR,
        WARN,
        INFO,
        DEBUG,
        TRACE
    }

    /** The form of a line of the log. */
    enum LogFormat {
        TEXT,
        JSON
    }
}
