package io.handfast.log;

/**
 * A thread in a list of its owner's threads.
 *
 * @param title the first words of its first message
 * @param activeMicros when a message was last written or a run ended, Unix time in microseconds
 */
public record ThreadSummary(String threadId, String title, long activeMicros) {}
