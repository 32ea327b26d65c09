package io.handfast.rocksdb;

import static io.handfast.log.LogUnderTest.chunk;
import static io.handfast.log.LogUnderTest.started;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.handfast.log.EmbeddedThreadLog;
import io.handfast.log.LogLimits;
import io.handfast.log.LogObserver;
import io.handfast.log.LogUnderTest;
import io.handfast.log.ThreadLog.Appended;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.EventDraft;
import io.handfast.protocol.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A disk that is really full, without a reserve: the engine's own writes fail. Needs the right to mount a small tmpfs. */
class FullDiskTest {
    private static final long DISK_BYTES = 24L << 20;

    @TempDir
    Path temp;

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    @Test
    void readers_go_on_nothing_acknowledged_is_lost_and_appends_go_on_when_there_is_space() throws Exception {
        Path disk = Files.createDirectory(temp.resolve("disk"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=" + DISK_BYTES, "tmpfs", disk.toString()), "cannot mount");
        try {
            fill(disk);
        } finally {
            run("umount", "-l", disk.toString());
        }
    }

    private static void fill(Path disk) throws Exception {
        AtomicLong micros = new AtomicLong(1_000_000);
        RocksSettings settings = new RocksSettings(
                disk.resolve("log"), Durability.DISK, 0, () -> Long.MAX_VALUE, () -> "boot", directory -> "here");
        LogUnderTest log = new LogUnderTest(new EmbeddedThreadLog(new EmbeddedThreadLog.Setup(
                RocksStore.open(settings),
                Runnable::run,
                Runnable::run,
                micros::incrementAndGet,
                EmbeddedThreadLog::randomName,
                LogLimits.forDisk(),
                LogObserver.NONE)));
        log.post("t", "ann", "m1", "r1");
        log.append("t", "r1", started());
        Path ballast = disk.resolve("ballast");
        Files.write(ballast, new byte[(int) (DISK_BYTES / 2)]);

        long acknowledged = 2;
        Random random = new Random(1);
        String why = "";
        while (why.isEmpty()) {
            Outcome<Appended> outcome = log.await(log.log().append("t", "r1", List.of(incompressible(random))));
            if (outcome instanceof Outcome.Done<Appended> done) {
                acknowledged = done.value().seq();
            } else {
                why = log.refused(CompletableFuture.completedFuture(outcome), ErrorCode.UNAVAILABLE);
            }
        }
        assertThat(why).contains("space");
        for (int i = 0; i < 3; i++) {
            log.refused(log.log().append("t", "r1", List.of(incompressible(random))), ErrorCode.UNAVAILABLE);
        }
        assertThat(log.readAll("t", 1 << 20)).hasSizeGreaterThanOrEqualTo((int) acknowledged);

        Files.delete(ballast);

        long next = log.append("t", "r1", chunk("there is space again")).seq();
        assertThat(next).isGreaterThan(acknowledged);
        assertThat(log.readAll("t", 1 << 20)).hasSize((int) next);
        log.close();
    }

    private static EventDraft incompressible(Random random) {
        byte[] bytes = new byte[75_000];
        random.nextBytes(bytes);
        return chunk(Base64.getEncoder().encodeToString(bytes));
    }
}
