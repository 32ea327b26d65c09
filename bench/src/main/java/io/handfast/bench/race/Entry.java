package io.handfast.bench.race;

/** What a ground answers when a heat wants to begin. */
public sealed interface Entry permits Arena, Barred {}
