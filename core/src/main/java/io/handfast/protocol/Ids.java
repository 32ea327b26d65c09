package io.handfast.protocol;

/** The ids of threads, runs, messages, tool calls and agents. */
public final class Ids {
    public static final int MAX_LENGTH = 128;

    /** For error messages. */
    public static final String ALLOWED = "1 to 128 of A-Z a-z 0-9 . _ : -, not dots only";

    private Ids() {}

    /** Whether this is an id. */
    public static boolean valid(String id) {
        if (id.isEmpty() || id.length() > MAX_LENGTH) {
            return false;
        }
        boolean dotsOnly = true;
        for (int i = 0; i < id.length(); i++) {
            char c = id.charAt(i);
            boolean allowed = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || c == '.'
                    || c == '_'
                    || c == ':'
                    || c == '-';
            if (!allowed) {
                return false;
            }
            dotsOnly &= c == '.';
        }
        return !dotsOnly;
    }
}
