package io.handfast.protocol;

/**
 * An event that has no place in a log yet. The log gives it {@code seq} and {@code timestamp} and splices the payload
 * in as it stands, so the payload is encoded exactly once.
 *
 * @param payload one JSON object in UTF-8; never changed after construction
 */
@SuppressWarnings("ArrayRecordComponent") // owned by the draft, compared by nobody
public record EventDraft(EventType type, byte[] payload) {}
