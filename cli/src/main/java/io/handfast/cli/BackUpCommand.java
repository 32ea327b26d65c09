package io.handfast.cli;

import io.handfast.protocol.Json;
import io.handfast.protocol.Json.MalformedJsonException;
import io.handfast.server.OfflineBackUp;
import io.handfast.server.OfflineBackUp.BackUpFailedException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code handfast backup}: a copy of the log, by the running server that holds it, or of a directory that none holds. */
@Command(
        name = "backup",
        mixinStandardHelpOptions = true,
        description = "Copies the log of a running server into a new directory; start a server on it to restore.",
        footer = {
            "",
            "handfast backup /backups/monday",
            "handfast backup /backups/monday --from https://chat.example.org",
            "handfast backup /backups/monday --data data        (no server is running on data)",
            "A server that asks for tokens wants one with the scope admin, in the variable HANDFAST_TOKEN",
            "or in a file (--token-file): the command line can be read by every process of the machine."
        })
final class BackUpCommand implements Callable<Integer> {
    private static final String TOKEN_VARIABLE = "HANDFAST_TOKEN";
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final long PROGRESS_SECONDS = 10;
    private static final int CREATED = 201;
    private static final int FAILED = 1;

    @Parameters(
            paramLabel = "DIR",
            description = "Where the copy goes: a directory that does not exist, on the machine of the server.")
    private @Nullable Path directory;

    @Option(
            names = "--from",
            paramLabel = "URL",
            defaultValue = "http://127.0.0.1:8080",
            description = "The running server. Default: ${DEFAULT-VALUE}.")
    private String from = "";

    @Option(names = "--data", paramLabel = "DIR", description = "The data of a server that is not running, instead.")
    private @Nullable Path data;

    @Option(names = "--token-file", paramLabel = "FILE", description = "Holds the token, in place of HANDFAST_TOKEN.")
    private @Nullable Path tokenFile;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws InterruptedException {
        Path target = Objects.requireNonNull(directory, "required by picocli")
                .toAbsolutePath()
                .normalize();
        Path offline = data;
        if (offline != null && command().commandLine().getParseResult().hasMatchedOption("--from")) {
            throw new ParameterException(
                    command().commandLine(),
                    "--from names a running server and --data the data of one that is not running; give one of them");
        }
        try {
            if (offline != null) {
                OfflineBackUp.write(offline, target);
            } else {
                ask(target);
            }
        } catch (BackUpFailedException | RefusedException e) {
            return failed(String.valueOf(e.getMessage()));
        }
        PrintWriter out = command().commandLine().getOut();
        out.println("backed up to " + target);
        out.flush();
        return 0;
    }

    private int failed(String why) {
        PrintWriter err = command().commandLine().getErr();
        err.println("handfast: no back-up: " + why);
        err.flush();
        return FAILED;
    }

    private void ask(Path target) throws RefusedException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(endpoint())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(Json.write(Map.of("directory", target.toString()))));
        String token = token();
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        HttpResponse<byte[]> response = await(HttpClient.newBuilder()
                .connectTimeout(CONNECT_TIMEOUT)
                .build()
                .sendAsync(request.build(), BodyHandlers.ofByteArray()));
        if (response.statusCode() != CREATED) {
            throw new RefusedException(reason(response));
        }
    }

    private URI endpoint() {
        try {
            URI uri = URI.create(from);
            boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
            if (http && uri.getHost() != null) {
                return uri.resolve("/admin/v1/backup");
            }
        } catch (IllegalArgumentException e) {
            // The complaint below says what is allowed.
        }
        throw new ParameterException(
                command().commandLine(), "--from '" + from + "' is no address; allowed: such as http://127.0.0.1:8080");
    }

    private String token() throws RefusedException {
        Path file = tokenFile;
        if (file == null) {
            return System.getenv().getOrDefault(TOKEN_VARIABLE, "").strip();
        }
        try {
            return Files.readString(file).strip();
        } catch (NoSuchFileException e) {
            throw new RefusedException("the file " + file + " (--token-file) does not exist");
        } catch (IOException e) {
            throw new RefusedException("the token cannot be read from " + file + ": " + e.getMessage());
        }
    }

    /** A large log on another disk is copied byte by byte: that takes its time, and says so. */
    private HttpResponse<byte[]> await(CompletableFuture<HttpResponse<byte[]>> answer)
            throws RefusedException, InterruptedException {
        PrintWriter err = command().commandLine().getErr();
        for (long seconds = PROGRESS_SECONDS; true; seconds += PROGRESS_SECONDS) {
            try {
                return answer.get(PROGRESS_SECONDS, TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                err.println("the server is still copying, after " + seconds + " s");
                err.flush();
            } catch (ExecutionException e) {
                boolean nobody = e.getCause() instanceof ConnectException;
                throw new RefusedException(
                        nobody
                                ? "no server can be reached at " + from
                                        + "; name it with --from, or, when none is running," + " its data with --data"
                                : "the server at " + from + " did not answer: " + e.getCause());
            }
        }
    }

    private static String reason(HttpResponse<byte[]> response) {
        int status = response.statusCode();
        String detail = detail(response.body());
        return switch (status) {
            case 401, 403 ->
                detail + " (" + status + "; a token with the scope admin goes into " + TOKEN_VARIABLE
                        + " or --token-file)";
            case 404 -> "the server does not know this call (404): it is older, or no Handfast";
            default -> detail + " (" + status + ")";
        };
    }

    private static String detail(byte[] body) {
        try {
            if (Json.read(body) instanceof Map<?, ?> problem && problem.get("detail") instanceof String detail) {
                return detail;
            }
        } catch (MalformedJsonException e) {
            // Then it is what somebody else says, between the server and us.
        }
        String text = new String(body, StandardCharsets.UTF_8).strip();
        return text.isEmpty() ? "the server refused" : text;
    }

    private CommandSpec command() {
        return Objects.requireNonNull(spec, "set by picocli");
    }

    /** Says why there is no back-up. */
    private static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }
}
