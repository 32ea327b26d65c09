package io.handfast.server;

/** The server could not start; the message says why, for the person who started it. */
public final class StartFailedException extends Exception {
    private static final long serialVersionUID = 1L;

    StartFailedException(String message) {
        super(message);
    }

    StartFailedException(String message, Throwable cause) {
        super(message, cause);
    }
}
