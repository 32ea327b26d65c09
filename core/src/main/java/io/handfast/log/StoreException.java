package io.handfast.log;

/** An engine cannot do what it was asked now. The message is for the operator and names what failed. */
public final class StoreException extends Exception {
    private static final long serialVersionUID = 1L;

    private final String told;

    /** Without a cause, and without anything that only the operator may know. */
    public StoreException(String message) {
        super(message);
        this.told = message;
    }

    /** With a cause, of which clients are not told. */
    public StoreException(String message, Throwable cause) {
        this(message, "the log cannot be used now; the server says in its own log why", cause);
    }

    /**
     * @param message may name files
     * @param told what clients are told: what they, or their user, may expect or do, and nothing of this machine
     */
    public StoreException(String message, String told, Throwable cause) {
        super(message, cause);
        this.told = told;
    }

    /** The same without a cause. */
    public StoreException(String message, String told) {
        super(message);
        this.told = told;
    }

    /** What clients are told of a failure of the log, whatever it was. */
    static String told(Throwable failure) {
        return failure instanceof StoreException known
                ? known.told
                : "the log failed; the server says in its own log why";
    }
}
