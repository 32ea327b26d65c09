package io.handfast.cli;

import io.handfast.bench.client.Identities;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Who the clients of a measurement are. A secret on the command line would be seen by everybody, so it comes from a file. */
final class Credentials {
    /** Longer than any measurement. */
    private static final Duration VALIDITY = Duration.ofDays(2);

    @Option(
            names = "--secret-file",
            paramLabel = "FILE",
            description =
                    "The server's HANDFAST_AUTH_JWT_SECRET, for profiles that ask for tokens: every client signs one of its own.")
    private @Nullable Path secretFile;

    /** @throws IllegalArgumentException when the secret cannot be read or is too short */
    Identities identities() {
        Path file = secretFile;
        if (file == null) {
            return Identities.named();
        }
        try {
            return Identities.signed(Files.readString(file).strip(), VALIDITY);
        } catch (IOException e) {
            throw new IllegalArgumentException("--secret-file " + file + " cannot be read: " + e, e);
        }
    }
}
