package io.handfast.connection;

/** The status codes that a peer may send in a Close frame (RFC 6455, section 7.4, and the IANA registry). */
final class PeerCloseCodes {
    /** No Close frame came at all. */
    static final int NO_CLOSE_FRAME = 1006;

    private PeerCloseCodes() {}

    static boolean valid(int code) {
        // 1005 is how a Close frame without a body is reported.
        boolean registered = code >= 1000 && code <= 1014 && code != 1004 && code != NO_CLOSE_FRAME;
        return registered || (code >= 3000 && code <= 4999);
    }
}
