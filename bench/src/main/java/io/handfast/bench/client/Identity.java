package io.handfast.bench.client;

import org.jspecify.annotations.Nullable;

/**
 * Who a client is.
 *
 * @param user whose events it may see
 * @param token that proves it; null where the server believes a name (profiles {@code development} and {@code testing})
 */
public record Identity(String user, @Nullable String token) {
    /** Shown in error messages and logs, so without the token. */
    @Override
    public String toString() {
        return user;
    }
}
