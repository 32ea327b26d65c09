package io.handfast.agents.sse;

/** A stream has an event or a line over the limit; the parser is of no use any more. */
public final class SseTooLargeException extends Exception {
    private static final long serialVersionUID = 1L;

    SseTooLargeException(int maxEventBytes) {
        super("an event of more than " + maxEventBytes + " bytes");
    }
}
