package io.handfast.bench.load;

/** Nobody takes a connection where the server should be; the message says where, and why. */
public final class NoServerException extends Exception {
    private static final long serialVersionUID = 1L;

    NoServerException(String message) {
        super(message);
    }
}
