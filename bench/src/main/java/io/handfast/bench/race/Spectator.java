package io.handfast.bench.race;

/** Hears what becomes of each heat, in the order of the race, on its caller's thread. */
public interface Spectator {
    void ended(Heat heat);

    void omitted(Omission omission);
}
