package io.handfast.bench.log;

/** A part of the benchmark of the log that can be run alone. */
public enum LogPart {
    /** Appends of many conversations at once, for each durability. */
    APPEND,
    /** Fsynced groups of the log beside those of the bare engine. */
    ENGINE,
    /** The last 50 events of a conversation, from memory and from disk. */
    READ,
    /** Bytes on the disk for each event. */
    SIZE
}
