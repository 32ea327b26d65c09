package io.handfast.log;

/**
 * A thread as a reader may know it: only what is committed.
 *
 * @param oldestSeq the first {@code seq} that is retained; {@code headSeq + 1} when nothing is
 * @param headSeq the last committed {@code seq}; 0 for an empty thread
 */
public record ThreadHead(String threadId, String ownerId, String epoch, long oldestSeq, long headSeq) {}
