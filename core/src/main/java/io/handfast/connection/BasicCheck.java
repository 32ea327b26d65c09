package io.handfast.connection;

/** The strategy {@code basic} (R11): READY as soon as the 101 is written. */
final class BasicCheck implements Establishing {
    @Override
    public Step step(long now, boolean upgradeWritten) {
        return upgradeWritten ? Step.OPEN : Step.WAIT;
    }

    @Override
    public long nextNanos() {
        return Deadlines.NEVER;
    }

    @Override
    public int attempts() {
        return 0;
    }
}
