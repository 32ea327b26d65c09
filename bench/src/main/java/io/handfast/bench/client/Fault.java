package io.handfast.bench.client;

/** What is wrong with a transcript. */
public record Fault(Kind kind, String detail) {

    /** The ways in which a transcript can be wrong. */
    public enum Kind {
        /** An event never came. */
        HOLE,
        /** An event came twice. */
        REPEAT,
        /** An event came after a later one. */
        DISORDER,
        /** An event of another thread or user. */
        FOREIGN,
        /** A run that breaks its rules, or an answer that is not what its pieces say. */
        BROKEN_RUN
    }
}
