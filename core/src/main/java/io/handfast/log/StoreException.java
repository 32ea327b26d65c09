package io.handfast.log;

/** An engine cannot do what it was asked now. The message is for the operator and names what failed. */
public final class StoreException extends Exception {
    private static final long serialVersionUID = 1L;

    public StoreException(String message) {
        super(message);
    }

    public StoreException(String message, Throwable cause) {
        super(message, cause);
    }
}
