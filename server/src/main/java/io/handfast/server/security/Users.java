package io.handfast.server.security;

/** Names of users: what identity providers put into {@code sub}, such as {@code auth0|5f7c}, or an address of mail. */
public final class Users {
    static final int MAX_LENGTH = 256;

    /** For error messages. */
    public static final String ALLOWED =
            "1 to " + MAX_LENGTH + " characters, none of them a control character, not blank";

    /** Who calls without saying who it is, where that is allowed. */
    static final String ANONYMOUS = "anonymous";

    private Users() {}

    /** Whether this can be the name of a user. */
    public static boolean valid(String user) {
        return !user.isBlank()
                && user.length() <= MAX_LENGTH
                && user.codePoints()
                        .noneMatch(c -> Character.isISOControl(c)
                                || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    }
}
