package io.handfast.bench.resume;

import java.nio.file.Path;

/**
 * What the benchmark of resuming measures.
 *
 * @param directory below which the server's data are, deleted at the end
 * @param connections that come back at the same time
 * @param behind events that each of them has missed, 250 bytes each
 * @param dialling connections that are being opened at the same time; a client opens the next one when one was answered 101
 * @param rounds of each row
 * @param durability as {@code handfast.durability} spells it
 */
public record ResumePlan(Path directory, int connections, int behind, int dialling, int rounds, String durability) {
    /** 5,000 connections that are 300 events behind. */
    public static ResumePlan ofDefaults(Path directory) {
        return new ResumePlan(directory, 5_000, 300, 500, 3, "process");
    }
}
