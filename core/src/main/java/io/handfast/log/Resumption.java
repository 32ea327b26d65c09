package io.handfast.log;

import org.jspecify.annotations.Nullable;

/**
 * Where a reader really begins, decided from where it asked to begin and what the thread still has. The rules are those
 * of {@code subscribed} and {@code history_gap} in spec/protocol.md.
 *
 * @param fromSeq the first {@code seq} that will come
 * @param gap what the reader misses; null when nothing is missing
 */
public record Resumption(long fromSeq, @Nullable Gap gap) {

    /** What a reader asked for and cannot get, inclusive at both ends. */
    public record Gap(Reason reason, long missingFrom, long missingTo) {}

    /** Why it cannot get it. */
    public enum Reason {
        TRIMMED("trimmed"),
        EPOCH_CHANGED("epoch_changed");

        private final String wireName;

        Reason(String wireName) {
            this.wireName = wireName;
        }

        public String wireName() {
            return wireName;
        }
    }

    /** Decides where a reader of {@code head} begins that asked for {@code position}. */
    public static Resumption of(ThreadHead head, Position position) {
        if (position instanceof Position.Latest) {
            return new Resumption(head.headSeq() + 1, null);
        }
        if (position instanceof Position.After after) {
            boolean otherEpoch = after.epoch() != null && !after.epoch().equals(head.epoch());
            if (otherEpoch || after.seq() > head.headSeq()) {
                long missing = after.seq() + 1;
                return new Resumption(head.oldestSeq(), new Gap(Reason.EPOCH_CHANGED, missing, missing));
            }
            return after(head, after.seq());
        }
        return after(head, 0);
    }

    private static Resumption after(ThreadHead head, long seq) {
        if (seq + 1 < head.oldestSeq()) {
            return new Resumption(head.oldestSeq(), new Gap(Reason.TRIMMED, seq + 1, head.oldestSeq() - 1));
        }
        return new Resumption(seq + 1, null);
    }

    /** Whether nothing is missing since the position that was asked for. */
    public boolean resumed() {
        return gap == null;
    }
}
