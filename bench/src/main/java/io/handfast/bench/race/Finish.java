package io.handfast.bench.race;

/**
 * What became of one client.
 *
 * @param worked whether the terminal event of its run reached its handler in time
 * @param whole whether every event did, once and in order, however often it had to ask
 * @param arrived events that reached the handler, repeats included
 * @param repeats events that reached it a second time on one connection, or out of order
 * @param connections that were begun
 * @param opened whether a 101 came
 * @param proof what the first READY rests on; empty without one
 * @param readyNanos of the first connection, from its 101 to {@code connection_ready} at the handler; negative without
 * @param questionNanos from the first question that got through, to the same; negative without
 * @param answerNanos from the first attempt to connect to the terminal event; negative without
 */
record Finish(
        boolean worked,
        boolean whole,
        long arrived,
        long repeats,
        int connections,
        boolean opened,
        String proof,
        long readyNanos,
        long questionNanos,
        long answerNanos) {}
