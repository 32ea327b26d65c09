package io.handfast.bench.load;

import io.handfast.bench.client.ClientLoops;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Carries out a plan: opens the connections, waits until they are READY, sends messages, waits for the answers, closes. The caller's
 * thread sets the pace.
 */
public final class LoadRun {
    private static final long TURN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long TELL_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
    private static final long CLOSE_SECONDS_MAX = 30;

    /** By when one connection must have been taken, where others failed; a server that is just starting has so long. */
    private static final long REACHED_NANOS_MAX = TimeUnit.SECONDS.toNanos(3);

    /**
     * Clients that are on their way to READY at once. Beyond it the opening waits: a server that is late would else accept
     * connections that their clients have given up meanwhile, and get later with each of them.
     */
    private static final long OPENING_MAX = 500;

    /** What a load is doing. */
    public enum Phase {
        OPENING,
        SENDING,
        WAITING,
        CLOSING
    }

    /** Hears how it goes, four times a second, on the caller's thread. */
    @FunctionalInterface
    public interface Progress {
        void now(Phase phase, LoadTally tally, double seconds);
    }

    private final LoadPlan plan;
    private final Progress progress;
    private final LoadTally tally = new LoadTally();
    private final LoadClient[] clients;
    private final long beginNanos = System.nanoTime();
    private long toldNanos = beginNanos;
    private int turn;

    private LoadRun(LoadPlan plan, ClientLoops loops, Progress progress) {
        this.plan = plan;
        this.progress = progress;
        this.clients = new LoadClient[plan.connections()];
        WallClock clock = new WallClock();
        for (int i = 0; i < clients.length; i++) {
            clients[i] = new LoadClient(plan, loops, i, tally, clock);
        }
    }

    /**
     * Blocks until it is done, or interrupted; then what was found so far is reported all the same.
     *
     * @throws NoServerException when no connection at all can be made in the first seconds
     * @throws InterruptedException when interrupted while it closes
     */
    public static LoadReport run(LoadPlan plan, Progress progress) throws NoServerException, InterruptedException {
        try (ClientLoops loops = ClientLoops.start(plan.threads(), plan.sources())) {
            return new LoadRun(plan, loops, progress).run();
        }
    }

    private LoadReport run() throws NoServerException, InterruptedException {
        try {
            open();
            send();
            awaiting(Phase.WAITING, () -> Arrays.stream(clients).anyMatch(LoadClient::waits));
        } catch (InterruptedException e) {
            // What there is, is reported; a second interruption ends the closing too.
        } catch (NoServerException e) {
            close();
            throw e;
        }
        double seconds = seconds();
        close();
        return new LoadReport(plan, tally, seconds);
    }

    private void open() throws NoServerException, InterruptedException {
        Pace pace = new Pace(plan.openRate(), System.nanoTime());
        for (int next = 0; next < clients.length; ) {
            if (opening() < OPENING_MAX && pace.due(System.nanoTime())) {
                pace.take();
                clients[next++].connect();
            } else {
                turn(Phase.OPENING);
            }
        }
        awaiting(Phase.OPENING, () -> opening() > 0);
    }

    private void requireServer() throws NoServerException {
        String why = tally.unreachableSoFar();
        if (!why.isEmpty()
                && tally.reachedSoFar() == 0
                && System.nanoTime() - beginNanos
                        >= Math.min(REACHED_NANOS_MAX, plan.patience().toNanos())) {
            throw new NoServerException("no server can be reached at " + plan.endpoint() + ": " + why);
        }
    }

    private long opening() {
        return tally.dialledSoFar() - tally.readyOnceSoFar() - tally.turnedAwaySoFar();
    }

    private void send() throws NoServerException, InterruptedException {
        if (plan.rate() == 0) {
            hold();
            return;
        }
        Pace pace = new Pace(plan.rate(), System.nanoTime());
        long untilNanos = System.nanoTime() + plan.sending().toNanos();
        while (true) {
            long nowNanos = System.nanoTime();
            if (pace.due(nowNanos)) {
                long dueNanos = pace.take();
                if (dueNanos - untilNanos >= 0) {
                    return;
                }
                ask(dueNanos);
            } else if (nowNanos - untilNanos >= 0) {
                return;
            } else {
                turn(Phase.SENDING);
            }
        }
    }

    /** Nothing is sent: the connections are held open. */
    private void hold() throws NoServerException, InterruptedException {
        long untilNanos = System.nanoTime() + plan.sending().toNanos();
        while (System.nanoTime() - untilNanos < 0) {
            turn(Phase.SENDING);
        }
    }

    private void ask(long dueNanos) {
        if (!clients[turn].ask(dueNanos)) {
            tally.skipped();
        }
        turn = (turn + 1) % clients.length;
    }

    private void awaiting(Phase phase, BooleanSupplier stillWanted) throws NoServerException, InterruptedException {
        long untilNanos = System.nanoTime() + plan.patience().toNanos();
        while (stillWanted.getAsBoolean() && System.nanoTime() - untilNanos < 0) {
            turn(phase);
        }
    }

    private void close() throws InterruptedException {
        progress.now(Phase.CLOSING, tally, seconds());
        CountDownLatch left = new CountDownLatch(clients.length);
        for (LoadClient client : clients) {
            client.close(left::countDown);
        }
        if (!left.await(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
            throw new IllegalStateException(left.getCount() + " clients did not hand in their transcripts");
        }
    }

    private void turn(Phase phase) throws NoServerException, InterruptedException {
        TimeUnit.NANOSECONDS.sleep(TURN_NANOS);
        long nowNanos = System.nanoTime();
        if (nowNanos - toldNanos >= TELL_NANOS) {
            toldNanos = nowNanos;
            progress.now(phase, tally, seconds());
        }
        if (phase == Phase.OPENING) {
            requireServer();
        }
    }

    private double seconds() {
        return (System.nanoTime() - beginNanos) / (double) TimeUnit.SECONDS.toNanos(1);
    }
}
