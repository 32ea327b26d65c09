package io.handfast.bench.race;

/** One client in a race. Lives on one loop. */
interface Runner {
    void go();

    void stop();
}
