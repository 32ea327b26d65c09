package io.handfast.rocksdb;

/** What an append survives once it is acknowledged; nothing is acknowledged or shown to a reader before. */
public enum Durability {
    /** A clean shutdown only. The engine's write-ahead log is off; after a crash, threads go on in new epochs. */
    MEMORY,

    /** The death of the process: the operating system has it. After a crash of the machine, threads go on in new epochs. */
    PROCESS,

    /** The death of the machine: it is on the disk (one fsync for everything that waits). */
    DISK
}
