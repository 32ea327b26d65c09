package io.handfast.sim.edge.script;

/** When something that was stopped goes on. */
public sealed interface Until {
    /** After a time. */
    record Time(Span span) implements Until {}

    /** Never, as long as the connection lives. */
    record Forever() implements Until {}

    /** When somebody releases the barrier; at once if that has happened before. */
    record Barrier(String name) implements Until {}

    /** When the event next happens. */
    record Event(Trigger trigger) implements Until {}
}
