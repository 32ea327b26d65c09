package io.handfast.bench.client;

/**
 * How a socket ended.
 *
 * @param givenUp whether this side gave it up; {@code detail} says why then
 * @param code of the server's Close frame; 1005 when it had none, 1006 when there was no frame
 * @param status of the HTTP answer when the upgrade was refused; 0 otherwise
 * @param opened whether the 101 had come
 */
public record SocketEnd(boolean givenUp, int code, int status, boolean opened, String detail) {
    /** No frame said why (RFC 6455, section 7.1.5). */
    public static final int ABNORMAL = 1006;

    private static final int NORMAL = 1000;
    private static final int NO_STATUS = 1005;

    /** What Netty says for a Close without a code. */
    private static final int NONE = -1;

    /** The server closed it. */
    static SocketEnd closed(int code, String reason) {
        return new SocketEnd(false, code == NONE ? NO_STATUS : code, 0, true, reason);
    }

    /** It ended without a Close. */
    static SocketEnd lost(boolean opened, String detail) {
        return new SocketEnd(false, ABNORMAL, 0, opened, detail);
    }

    /** The upgrade was refused. */
    static SocketEnd refused(int status, String body) {
        return new SocketEnd(false, ABNORMAL, status, false, body);
    }

    /** This side gave it up, with 1000. */
    static SocketEnd givenUp(boolean opened, String why) {
        return new SocketEnd(true, NORMAL, 0, opened, why);
    }

    /** Under which name it is counted. */
    public String kind() {
        if (givenUp) {
            return "given up: " + detail;
        }
        if (status != 0) {
            return "http " + status;
        }
        return code == ABNORMAL && !opened ? "1006 before the 101" : Integer.toString(code);
    }

    /** What spec/protocol.md, "Close codes", tells a client: whether it comes back by itself. */
    public boolean comeBack() {
        if (status != 0) {
            return status >= 500 || status == 429;
        }
        return switch (code) {
            case NORMAL, 1001, NO_STATUS, ABNORMAL, 1011, 1012, 1013 -> true;
            default -> code >= 4000 && code < 4500;
        };
    }
}
