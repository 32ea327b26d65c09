package io.handfast.bench.race;

/**
 * The heat cannot be run here; others may.
 *
 * @param why for people
 */
public record Barred(String why) implements Entry {}
