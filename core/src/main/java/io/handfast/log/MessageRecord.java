package io.handfast.log;

/**
 * The idempotency key of a user's message: where it stands and what it started.
 *
 * @param incarnation of the thread, see {@link ThreadRecord}
 */
public record MessageRecord(String threadId, String incarnation, String messageId, long seq, String runId) {}
