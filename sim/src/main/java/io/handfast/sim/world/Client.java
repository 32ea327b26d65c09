package io.handfast.sim.world;

import io.handfast.sim.edge.script.Script;
import io.handfast.sim.world.Misfortune.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who reads and writes threads, comes back after every end that allows it, and sends what was not acknowledged again. Some
 * answer the handshake from their handler (tier application), some have nothing but a WebSocket stack (tier transport).
 */
final class Client {
    private static final long RESEND_NANOS = TimeUnit.SECONDS.toNanos(3);
    private static final int OUTBOX_MAX = 3;

    private final Ground ground;
    private final Node node;
    private final Numbers numbers;
    private final String name;
    private final String userId;
    private final boolean application;
    private final Dice dice;
    private final EdgeScripts scripts;
    private final Life life = new Life();
    private final NavigableMap<String, View> views = new TreeMap<>();
    private final LinkedHashMap<String, Outgoing> outbox = new LinkedHashMap<>();

    /** Messages that were accepted, with the runs that were named. */
    private final Map<String, Accepted> accepted = new LinkedHashMap<>();

    private @Nullable ClientSession session;
    private int failures;
    private boolean mischief = true;
    private String endedBy = "";

    /** Counts connections and messages over the world. */
    static final class Numbers {
        long connections;
        long messages;
    }

    /** A message that is not acknowledged. */
    private static final class Outgoing {
        final String threadId;
        final String json;
        long sentNanos = Long.MIN_VALUE / 2;
        int sendings;

        Outgoing(String threadId, String json) {
            this.threadId = threadId;
            this.json = json;
        }
    }

    record Accepted(String threadId, String runId, String json) {}

    Client(Ground ground, Node node, Numbers numbers, int number) {
        this.ground = ground;
        this.node = node;
        this.numbers = numbers;
        this.name = "c" + number;
        this.dice = ground.dice().split();
        this.scripts = new EdgeScripts(ground.dice().split());
        this.userId = "u" + dice.below(ground.plan().users());
        this.application = dice.chance(50);
        int wanted = dice.between(1, Math.min(2, ground.plan().threads()));
        while (views.size() < wanted) {
            String threadId = threadOf(userId);
            views.put(threadId, new View(ground, name, threadId));
        }
    }

    private String threadOf(String user) {
        return user + "-t" + dice.below(ground.plan().threads());
    }

    String name() {
        return name;
    }

    String userId() {
        return userId;
    }

    boolean application() {
        return application;
    }

    NavigableMap<String, View> views() {
        return views;
    }

    private boolean knows(Kind kind) {
        return mischief && ground.plan().misfortunes().contains(kind);
    }

    // ---- connections

    void begin() {
        ground.agenda().in(dice.millis(0, 2_000), life, this::open);
        ground.agenda().in(dice.millis(0, 1_000), life, this::act);
        ground.agenda().in(dice.millis(0, 500), life, this::watch);
    }

    private void open() {
        views.values().forEach(View::disconnected);
        long number = ++numbers.connections;
        boolean edge = mischief && dice.chance(ground.plan().edgePercent());
        Script script = edge ? scripts.draw() : EdgeScripts.transparent();
        ground.counts().count("connections");
        ClientSession opened = new ClientSession(ground, this, dice.split());
        session = opened;
        Cable cable = new Cable(ground, script, number, "a", opened, node);
        ground.trace().line(name, "connects as %s%s", cable.name(), edge ? " through an edge: " + show(script) : "");
        opened.begin(
                cable,
                knows(Kind.LATE_HANDLERS) && dice.chance(30) ? dice.millis(1, 200) : 0,
                knows(Kind.LATE_HANDLERS) && dice.chance(10));
        if (knows(Kind.ODD_FRAMES) && dice.chance(15)) {
            opened.text("{\"type\":\"heartbeat\"}"); // behind the request, before the 101 (F03)
            resend(opened);
        }
    }

    private static String show(Script script) {
        List<String> rules = new ArrayList<>();
        script.rules().forEach(rule -> rules.add(rule.trigger() + ": " + rule.actions()));
        return script.name() + " " + rules;
    }

    /**
     * A connection is over.
     *
     * @param code of the Close frame; 1006 for none
     * @param reconnectNanos how long to wait, when the server said so; else negative
     */
    void disconnected(ClientSession over, int code, long reconnectNanos) {
        if (session != over) {
            return;
        }
        session = null;
        views.values().forEach(View::disconnected);
        ground.trace().line(name, "is disconnected, code %s", code);
        boolean comesBack = code == 1000
                || code == 1001
                || code == 1005
                || code == 1006
                || code == 1011
                || code == 1012
                || code == 1013
                || (code >= 4000 && code < 4500)
                || code == 4500; // with a new credential
        if (!comesBack) {
            endedBy = "code " + code;
            ground.counts().count("clients that a code told to stay away");
            if (mischief) {
                ground.agenda().in(dice.millis(500, 5_000), life, this::startAnew);
            }
            return;
        }
        failures = Math.min(failures + 1, 5);
        long pauseNanos = reconnectNanos >= 0 ? reconnectNanos : dice.millis(5, 100L << failures);
        ground.agenda().in(pauseNanos, life, this::open);
    }

    /** Its user loads the page again. */
    private void startAnew() {
        if (session == null && !endedBy.isEmpty()) {
            endedBy = "";
            views.values().forEach(View::forget);
            open();
        }
    }

    void ready(ClientSession opened) {
        failures = 0;
        outbox.values().forEach(message -> message.sendings = 0);
        resend(opened);
        views.forEach((threadId, view) -> {
            if (!view.isSubscribed() && !opened.asksFor(threadId)) {
                opened.subscribe(threadId, view);
            }
        });
    }

    // ---- what the server says

    void accepted(String messageId, String threadId, String runId) {
        Outgoing outgoing = outbox.remove(messageId);
        Accepted before = accepted.get(messageId);
        ground.laws()
                .expect(
                        before == null
                                || before.runId().equals(runId)
                                || ground.truth().lost(threadId, messageId),
                        "a message that is accepted again names the same run",
                        () -> name + ": " + messageId + " started " + before + ", now " + runId);
        String json = outgoing != null ? outgoing.json : before != null ? before.json() : "";
        accepted.put(messageId, new Accepted(threadId, runId, json));
    }

    void refused(
            String request, String code, boolean retryable, @Nullable String messageId, @Nullable String threadId) {
        if (request.equals("user_message") && messageId != null && !retryable) {
            outbox.remove(messageId);
        } else if (request.equals("subscribe") && threadId != null && code.equals("forbidden")) {
            views.remove(threadId);
        }
    }

    // ---- what it does

    private void watch() {
        ClientSession open = session;
        if (open != null && !open.watch() && open.isReady()) {
            resend(open);
        }
        ground.agenda().in(TimeUnit.MILLISECONDS.toNanos(500), life, this::watch);
    }

    private void resend(ClientSession open) {
        long nowNanos = ground.agenda().getAsLong();
        for (Outgoing message : outbox.values()) {
            if (message.sendings == 0 || nowNanos - message.sentNanos >= RESEND_NANOS) {
                if (message.sendings == 3) {
                    message.sendings = 0;
                    open.abort("three sendings without an answer");
                    return;
                }
                message.sendings++;
                message.sentNanos = nowNanos;
                open.text(message.json);
            }
        }
    }

    private void act() {
        if (!mischief) {
            return;
        }
        ClientSession open = session;
        if (outbox.size() < OUTBOX_MAX && dice.chance(35) && !views.isEmpty()) {
            write(dice.pick(List.copyOf(views.keySet())));
        } else if (open != null && open.isOpen()) {
            act(open);
        }
        ground.agenda().in(dice.millis(20, 1_500), life, this::act);
    }

    private void write(String threadId) {
        String messageId = "m" + ++numbers.messages;
        WorldAgents.Temper agent = dice.of(WorldAgents.Temper.values());
        if (agent == WorldAgents.Temper.HANGS && dice.chance(60)) {
            agent = WorldAgents.Temper.ECHO;
        }
        String deadline = dice.chance(10) ? ",\"options\":{\"deadline_ms\":" + dice.between(1, 900) + "}" : "";
        outbox.put(
                messageId,
                new Outgoing(
                        threadId,
                        "{\"type\":\"user_message\",\"thread_id\":\"" + threadId + "\",\"message_id\":\"" + messageId
                                + "\",\"text\":\"hello\",\"agent\":\"" + agent + "\"" + deadline + "}"));
        ClientSession open = session;
        if (open != null && open.isReady()) {
            resend(open);
        }
    }

    private void act(ClientSession open) {
        String threadId = views.isEmpty() ? threadOf(userId) : dice.pick(List.copyOf(views.keySet()));
        View view = views.get(threadId);
        int what = dice.below(100);
        if (what < 20) {
            cancel(open, threadId);
        } else if (what < 40 && view != null && view.isSubscribed()) {
            open.text("{\"type\":\"ack\",\"thread_id\":\"" + threadId + "\",\"seq\":" + Math.max(0, view.seq()) + "}");
        } else if (what < 50) {
            open.text("{\"type\":\"heartbeat\"}");
        } else if (what < 60 && !accepted.isEmpty()) {
            // Its acknowledgement may have been lost on the way to the user (F21).
            open.text(dice.pick(List.copyOf(accepted.values())).json());
        } else if (what < 70 && view != null && open.isReady()) {
            if (dice.chance(30)) {
                open.readAgain(threadId, view);
            } else {
                open.subscribe(threadId, view);
            }
        } else if (what < 80 && knows(Kind.ODD_FRAMES)) {
            odd(open);
        } else if (what < 90 && knows(Kind.CLIENTS_STALL)) {
            open.stall(dice.millis(50, 6_000));
        } else if (what < 100 && knows(Kind.CLIENTS_LEAVE)) {
            open.leave();
        }
    }

    private void cancel(ClientSession open, String threadId) {
        if (!outbox.isEmpty() && dice.chance(50)) {
            Map.Entry<String, Outgoing> any = dice.pick(List.copyOf(outbox.entrySet()));
            open.text("{\"type\":\"cancel_run\",\"thread_id\":\"" + any.getValue().threadId + "\",\"message_id\":\""
                    + any.getKey() + "\"}");
        } else if (!accepted.isEmpty()) {
            Accepted any = dice.pick(List.copyOf(accepted.values()));
            open.text("{\"type\":\"cancel_run\",\"thread_id\":\"" + any.threadId() + "\",\"run_id\":\"" + any.runId()
                    + "\"}");
        } else {
            open.text("{\"type\":\"cancel_run\",\"thread_id\":\"" + threadId + "\",\"run_id\":\"none\"}");
        }
    }

    private void odd(ClientSession open) {
        String drawn = threadOf("u" + dice.below(2));
        String foreign = views.containsKey(drawn) ? "nobody-s" : drawn; // its own it does not tamper with
        switch (dice.below(9)) {
            case 0 -> open.text("no json");
            case 1 -> open.text("{\"type\":\"dance\"}");
            case 2 -> open.text("{\"type\":\"subscribe\",\"thread_id\":\"" + foreign + "\",\"after_seq\":\"latest\"}");
            case 3 -> open.text("{\"type\":\"unsubscribe\",\"thread_id\":\"" + foreign + "\"}");
            case 4 ->
                open.text("{\"type\":\"subscribe\",\"thread_id\":\"" + foreign + "\",\"after_seq\":" + dice.below(50)
                        + "}");
            case 5 -> open.text("{\"type\":\"ack\",\"thread_id\":\"" + foreign + "\",\"seq\":" + dice.below(900) + "}");
            case 6 -> open.ping();
            case 7 -> {
                for (int i = 0; i < 12; i++) {
                    open.text("{\"type\":\"heartbeat\",\"pad\":\"" + "x".repeat(dice.of(1, 600)) + "\"}");
                }
            }
            default -> {
                if (dice.chance(20)) {
                    open.binary();
                } else {
                    open.text("{\"type\":\"subscribe\",\"thread_id\":7}");
                }
            }
        }
    }

    // ---- healing

    /** From now on it behaves, and does nothing more but to read and to get rid of what it has written. */
    void heal() {
        mischief = false;
        ClientSession open = session;
        if (open != null) {
            open.heal();
        }
    }

    /** One more message in each of its threads, so that whoever has missed the last event can see it. */
    void writeLast() {
        views.keySet().forEach(this::write);
    }

    /** Nobody stands still for longer than that although there is more to read. */
    void expectNotBehind(long nanosMax) {
        for (View view : views.values()) {
            long behindNanos = view.behindNanos(ground.agenda().getAsLong());
            ground.laws()
                    .expect(
                            behindNanos <= nanosMax,
                            "a reader catches up",
                            () -> view.missing() + " for " + TimeUnit.NANOSECONDS.toMillis(behindNanos) + " ms");
        }
    }

    /** What keeps it from being content; empty when nothing does. */
    String missing() {
        if (!endedBy.isEmpty()) {
            return "";
        }
        ClientSession open = session;
        if (open == null || !open.isReady()) {
            return name + " is not connected";
        }
        if (!outbox.isEmpty()) {
            return name + " waits for the acknowledgement of " + outbox.keySet();
        }
        for (View view : views.values()) {
            String missing = view.missing();
            if (!missing.isEmpty()) {
                return missing;
            }
        }
        return "";
    }

    /** What was accepted and is neither there nor lost with the permission of the disk, or did not run to its end. */
    List<String> unkept() {
        Map<String, String> unkept = new HashMap<>();
        accepted.forEach((messageId, message) -> {
            if (ground.truth().lost(message.threadId(), messageId)) {
                return;
            }
            Truth.Written thread = ground.truth().thread(message.threadId());
            if (thread == null || !thread.messages.containsKey(messageId)) {
                unkept.put(messageId, messageId + " was accepted, and is not in the log");
                return;
            }
            RunRules.RunSoFar run = thread.rules.runs().get(message.runId());
            if (run == null || run.terminal == null) {
                unkept.put(messageId, messageId + " was accepted, and its run " + message.runId() + " has not ended");
            }
        });
        return new ArrayList<>(new TreeMap<>(unkept).values());
    }
}
