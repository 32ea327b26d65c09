package io.handfast.bench.log;

/** A thread of the log with a run that is under way. */
record Conversation(String threadId, String runId) {}
