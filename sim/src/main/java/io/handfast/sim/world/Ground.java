package io.handfast.sim.world;

/** What everything in a world stands on. */
record Ground(Agenda agenda, Dice dice, Trace trace, Counts counts, Laws laws, Truth truth, Plan plan, Seams seams) {}
