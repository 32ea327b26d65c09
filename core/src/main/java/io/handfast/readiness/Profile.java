package io.handfast.readiness;

import java.util.Locale;

/** Where a server runs; chooses who may come in and the defaults of many settings (R6). */
public enum Profile {
    DEVELOPMENT,
    TESTING,
    STAGING,
    PRODUCTION;

    /** The name in settings and logs. */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether callers may come in without showing who they are (spec/protocol.md, "Who"). */
    public boolean anonymousAllowed() {
        return this == DEVELOPMENT || this == TESTING;
    }
}
