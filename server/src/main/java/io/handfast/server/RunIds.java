package io.handfast.server;

import java.security.SecureRandom;
import java.util.Base64;
import java.util.function.Supplier;

/** Makes ids of runs: 96 random bits, so that no two processes make the same. May be used by any thread. */
final class RunIds implements Supplier<String> {
    private static final int BYTES = 12;

    private final SecureRandom random = new SecureRandom();

    @Override
    public String get() {
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        return "run-" + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
