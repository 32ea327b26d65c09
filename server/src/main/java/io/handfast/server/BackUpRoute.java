package io.handfast.server;

import io.handfast.log.StoreException;
import io.handfast.netty.http.HttpCall;
import io.handfast.netty.http.HttpReply;
import io.handfast.netty.http.HttpRoute;
import io.handfast.netty.http.Problem;
import io.handfast.netty.http.RefusedException;
import io.handfast.protocol.ErrorCode;
import io.handfast.rocksdb.RocksStore;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code POST /admin/v1/backup}: copies the log of this server, which holds it locked, into a new directory of this machine
 * (scope {@code admin}).
 */
final class BackUpRoute {
    private static final Logger LOG = LoggerFactory.getLogger(BackUpRoute.class);
    private static final String FIELD = "directory";

    private final LogEngine engine;
    private final Path data;

    /** A copy to another disk may take long: nobody else's thread is held by it. */
    private final NamedThreads threads = new NamedThreads("handfast-backup");

    private final AtomicBoolean busy = new AtomicBoolean();

    /** @param data the directory of the log, when it has one */
    BackUpRoute(LogEngine engine, Path data) {
        this.engine = engine;
        this.data = data;
    }

    HttpRoute route() {
        return HttpRoute.admin("POST", "/admin/v1/backup", this::backUp);
    }

    private CompletionStage<HttpReply> backUp(HttpCall call) throws RefusedException {
        Path target = directory(call.object());
        LogEngine.BackUp backUp = engine.backUp()
                .orElseThrow(() -> new RefusedException(Problem.of(
                        409,
                        "log_in_memory",
                        "this server keeps its log in memory, which cannot be backed up; use --log rocksdb")));
        if (!busy.compareAndSet(false, true)) {
            throw new RefusedException(
                    Problem.of(409, "backup_running", "another back-up is under way; wait until it is complete"));
        }
        return CompletableFuture.supplyAsync(
                        () -> copy(backUp, target),
                        task -> threads.newThread(task).start())
                .whenComplete((reply, failure) -> busy.set(false));
    }

    private static Path directory(Map<String, ?> fields) throws RefusedException {
        try {
            if (fields.get(FIELD) instanceof String text) {
                Path path = Path.of(text);
                if (path.isAbsolute()) {
                    return path.normalize();
                }
            }
        } catch (InvalidPathException e) {
            // The refusal below says what is allowed.
        }
        throw new RefusedException(Problem.invalidField(
                FIELD,
                "directory must be the absolute path of a directory of the server's machine that does not exist"));
    }

    private HttpReply copy(LogEngine.BackUp backUp, Path target) {
        Path parent = target.getParent();
        if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
            return Problem.of(409, "directory_exists", target + " exists; a back-up takes a new directory")
                    .reply();
        }
        if (parent == null || !Files.isDirectory(parent)) {
            return Problem.invalidField(FIELD, "directory is " + target + ", but there is no directory " + parent)
                    .reply();
        }
        long beganNanos = System.nanoTime();
        try {
            if (RocksStore.inside(data, target)) {
                return Problem.invalidField(
                                FIELD, target + " is in the data directory of the server; choose one outside")
                        .reply();
            }
            backUp.to(target);
        } catch (StoreException e) {
            LOG.atError().addKeyValue("directory", target).setCause(e).log("a back-up failed");
            return Problem.of(ErrorCode.UNAVAILABLE, "the back-up failed: " + e.getMessage())
                    .reply();
        }
        long millis = (System.nanoTime() - beganNanos) / 1_000_000;
        LOG.atInfo()
                .addKeyValue("directory", target)
                .addKeyValue("millis", millis)
                .log("backed up the log");
        return HttpReply.json(201, Map.of(FIELD, target.toString()));
    }
}
