package io.handfast.protocol;

import org.jspecify.annotations.Nullable;

/**
 * Why a request has no effect: the fields of an {@code error} frame.
 *
 * @param message says what was wrong and what is allowed, for a person
 * @param request the type that was refused, when it is known
 * @param messageId the request's, when it had a valid one
 * @param threadId the request's, when it had a valid one
 */
public record Refusal(
        ErrorCode code,
        String message,
        @Nullable String request,
        @Nullable String messageId,
        @Nullable String threadId) implements Incoming {}
