package io.handfast.netty.http;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a request, after somebody has vouched for it.
 *
 * @param expiresAt when the credential ends; null for never
 * @param scopes of {@code chat}, {@code publish}, {@code admin}
 */
public record Caller(String userId, @Nullable Instant expiresAt, Set<String> scopes) {
    /** The scope of whoever takes part in conversations. */
    public static final String CHAT = "chat";

    /** The scope of whoever feeds runs from outside. */
    public static final String PUBLISH = "publish";

    /** The scope of whoever runs the server. */
    public static final String ADMIN = "admin";
}
