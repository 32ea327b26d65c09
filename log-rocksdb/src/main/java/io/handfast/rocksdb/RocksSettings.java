package io.handfast.rocksdb;

import io.handfast.log.EmbeddedThreadLog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Where and how a {@link RocksStore} keeps its data.
 *
 * @param directory belongs to the store; is created when it does not exist
 * @param durability what a commit survives
 * @param reserveBytes space on the disk that is left free: below it commits are refused, so that the engine itself always
 *     has room to work
 * @param usableBytes the free space on the disk, in bytes; asked about once for each commit
 * @param bootId names the machine's start; another one means that the operating system may have lost what it held
 * @param place names the very file {@code handfast.mark} of a directory, and not a copy of it
 */
public record RocksSettings(
        Path directory,
        Durability durability,
        long reserveBytes,
        LongSupplier usableBytes,
        Supplier<String> bootId,
        Function<Path, String> place) {
    private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
    private static final long RESERVE_BYTES = 256L << 20;

    /** The settings of this machine, with a reserve of 256 MiB. */
    public static RocksSettings of(Path directory, Durability durability) {
        return new RocksSettings(
                directory, durability, RESERVE_BYTES, new UsableSpace(directory), RocksSettings::thisBoot, Mark::place);
    }

    /** Linux names each boot; elsewhere no two starts count as the same boot, which costs at most a new epoch. */
    private static String thisBoot() {
        try {
            return Files.readString(BOOT_ID).strip();
        } catch (IOException e) {
            return "unknown-" + EmbeddedThreadLog.randomName();
        }
    }
}
