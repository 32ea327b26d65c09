package io.handfast.bench.load;

import io.handfast.bench.client.ClientLoops;
import io.handfast.bench.client.Dial;
import io.handfast.bench.client.Fault;
import io.handfast.bench.client.PageClient;
import io.handfast.bench.client.PageListener;
import io.handfast.bench.client.ServerFrame;
import io.handfast.bench.client.SocketEnd;
import io.handfast.bench.client.Transcript;
import io.handfast.protocol.EventType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** One client of a load: asks in a thread of its own, and holds what comes against what it asked. */
final class LoadClient implements PageListener {
    /** Messages without an answer that one client may have; beyond that the server is not given more. */
    private static final int UNANSWERED_MAX = 8;

    private record Asked(long dueNanos, String text) {}

    private final LoadPlan plan;
    private final LoadTally tally;
    private final WallClock clock;
    private final String threadId;
    private final PageClient client;
    private final Transcript transcript;
    private final AtomicInteger unanswered = new AtomicInteger();
    private volatile boolean stopped;

    // Everything below lives on the client's loop.
    private final Map<String, Asked> asked = new HashMap<>();
    private final Map<String, Asked> running = new HashMap<>();
    private final List<Fault> wrongAnswers = new ArrayList<>();
    private int messages;
    private long dialledNanos;
    private boolean reached;
    private boolean ready;
    private boolean everReady;

    LoadClient(LoadPlan plan, ClientLoops loops, int number, LoadTally tally, WallClock clock) {
        this.plan = plan;
        this.tally = tally;
        this.clock = clock;
        this.threadId = plan.name() + "-" + number;
        Dial dial = Dial.to(plan.endpoint(), plan.identities().of(threadId)).withProtocol(plan.protocol());
        this.transcript = new Transcript(threadId, threadId);
        this.client = new PageClient(loops, loops.next(), dial, threadId, number, this);
    }

    /** Any thread. */
    void connect() {
        tally.dialled();
        client.connect();
    }

    /** Asks once more, unless too much is unanswered or the server wants no more of this client; false then. One thread. */
    boolean ask(long dueNanos) {
        if (stopped || unanswered.get() >= UNANSWERED_MAX) {
            return false;
        }
        unanswered.incrementAndGet();
        tally.sent();
        client.loop().execute(() -> {
            String messageId = "m" + messages++;
            String text = messageId + " of " + threadId + " word".repeat(plan.words());
            asked.put(messageId, new Asked(dueNanos, text));
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("text", text);
            fields.put("agent", plan.agent());
            fields.put("options", plan.options());
            client.send(messageId, fields);
        });
        return true;
    }

    /** Whether an answer may still come. Any thread. */
    boolean waits() {
        return !stopped && unanswered.get() > 0;
    }

    /** Closes, hands in the transcript, and says so. Any thread. */
    void close(Runnable done) {
        client.loop().execute(() -> {
            List<Fault> faults = new ArrayList<>(transcript.faults());
            faults.addAll(wrongAnswers);
            tally.transcript(transcript.faultCount() + wrongAnswers.size(), faults);
            client.close();
            done.run();
        });
    }

    // ---- what comes

    @Override
    public void dialling(long nowNanos) {
        dialledNanos = nowNanos;
        reached = false;
    }

    @Override
    public void connected() {
        reached = true;
        tally.reached();
    }

    @Override
    public void ready(ServerFrame frame, long nowNanos) {
        ready = true;
        tally.ready(frame.text("proof"), !everReady, nowNanos - dialledNanos);
        everReady = true;
    }

    @Override
    public void subscribed(ServerFrame frame, long nowNanos) {
        transcript.subscribed(frame);
    }

    @Override
    public void arrived(ServerFrame event, long nowNanos) {
        transcript.event(event);
        long micros = clock.epochMicros(nowNanos) - event.epochMicros();
        tally.events(event.seq() - event.firstSeq() + 1, TimeUnit.MICROSECONDS.toNanos(micros));
    }

    @Override
    public void event(ServerFrame event, long nowNanos) {
        String runId = event.text("run_id");
        switch (type(event)) {
            case USER_MESSAGE -> {
                String messageId = event.payload().text("message_id");
                Asked mine = asked.remove(messageId);
                if (mine == null) {
                    wrong(Fault.Kind.FOREIGN, "a message that was not sent, or twice: " + messageId);
                } else {
                    running.put(runId, mine);
                }
            }
            case AGENT_COMPLETED, AGENT_ERROR, AGENT_CANCELLED -> {
                Asked mine = running.remove(runId);
                if (mine == null) {
                    wrong(Fault.Kind.FOREIGN, "the end of a run that nobody began: " + runId);
                    return;
                }
                boolean completed = type(event) == EventType.AGENT_COMPLETED;
                if (completed
                        && plan.agent().equals("echo")
                        && !event.payload().text("text").equals(mine.text())) {
                    wrong(Fault.Kind.BROKEN_RUN, "the echo says something else than '" + mine.text() + "'");
                }
                tally.answered(completed, nowNanos - mine.dueNanos());
                unanswered.decrementAndGet();
            }
            default -> {}
        }
    }

    private static EventType type(ServerFrame event) {
        for (EventType type : EventType.values()) {
            if (type.wireName().equals(event.type())) {
                return type;
            }
        }
        return EventType.CUSTOM;
    }

    private void wrong(Fault.Kind kind, String detail) {
        wrongAnswers.add(new Fault(kind, "thread " + threadId + ": " + detail));
    }

    @Override
    public void accepted(String messageId, long nowNanos) {
        Asked mine = asked.get(messageId);
        if (mine != null) {
            tally.accepted(nowNanos - mine.dueNanos());
        }
    }

    @Override
    public void refused(ServerFrame error, long nowNanos) {
        tally.refused(error.text("code"));
        if (!error.truth("retryable") && asked.remove(error.text("message_id")) != null) {
            unanswered.decrementAndGet();
        }
    }

    @Override
    public void hole() {
        tally.hole();
    }

    @Override
    public void ended(SocketEnd end, long nowNanos) {
        tally.ended(end.kind(), ready);
        if (!reached) {
            tally.unreachable(end.detail());
        }
        ready = false;
        if (!end.comeBack()) {
            stopped = true;
            if (!everReady) {
                tally.turnedAway();
            }
        }
    }
}
