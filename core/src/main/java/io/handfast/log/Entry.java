package io.handfast.log;

import io.handfast.protocol.EventType;
import org.jspecify.annotations.Nullable;

/**
 * One committed event. Its bytes were encoded when it was appended and are shared by all readers.
 *
 * @param runId the run that the event belongs to, or that a user message starts
 * @param json the whole event as it travels, one JSON object in UTF-8; never changed
 */
@SuppressWarnings("ArrayRecordComponent") // shared, compared by nobody
public record Entry(long seq, EventType type, @Nullable String runId, byte[] json) {}
