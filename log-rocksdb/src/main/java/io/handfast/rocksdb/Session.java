package io.handfast.rocksdb;

import io.handfast.log.StoreException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import java.util.Properties;

/**
 * What the directory knows of the server that used it last: enough to tell whether something that it had shown may be lost.
 * Lives in a small file beside the engine's, so that a back-up does not carry it: whoever starts on a back-up begins new
 * epochs.
 *
 * @param generation see {@link io.handfast.log.Store#generation()}
 * @param durability with which the server ran
 * @param bootId of the machine on which it ran
 * @param place where it ran, see {@link Mark#place}: a copy of the directory is another place, and may be an older one
 * @param clean whether it was closed cleanly
 * @param engineSequence the engine's own count of writes at a clean close; the engine never has fewer unless it lost some
 */
record Session(
        String generation, Durability durability, String bootId, String place, boolean clean, long engineSequence) {
    static final String FILE = "handfast.session";
    private static final String FORM = "1";

    /**
     * Why a start cannot prove that everything shown by this session is still there; empty when it can. Source:
     * spec/protocol.md, epochs.
     */
    Optional<String> doubt(Found now) {
        if (now.mark() == Mark.NONE) {
            return Optional.of(Mark.FILE + " is missing or damaged, so it is not known how much was acknowledged");
        }
        if (!place.equals(now.place())) {
            return Optional.of("the directory is a copy, which may be older than what readers saw");
        }
        if (!clean && durability == Durability.MEMORY) {
            return Optional.of("the last server ran with durability memory and was not stopped cleanly");
        }
        if (!clean && durability == Durability.PROCESS && !bootId.equals(now.bootId())) {
            return Optional.of("the machine went down under a server with durability process");
        }
        long acknowledged = Math.max(now.mark(), clean ? engineSequence : 0);
        return now.engineSequence() >= acknowledged
                ? Optional.empty()
                : Optional.of("the end of the log is missing: of " + acknowledged
                        + " writes that were acknowledged the first "
                        + now.engineSequence()
                        + " are there; files of the engine were cut off, deleted, or replaced by older"
                        + " ones. Start on a back-up to have more of it");
    }

    /**
     * What a start finds.
     *
     * @param mark see {@link Mark#get}
     */
    record Found(String bootId, String place, long engineSequence, long mark) {}

    static Optional<Session> read(Path directory) throws StoreException {
        Path file = directory.resolve(FILE);
        try {
            if (!Files.exists(file)) {
                return Optional.empty();
            }
            Properties fields = new Properties();
            fields.load(new StringReader(Files.readString(file)));
            if (!FORM.equals(fields.getProperty("form"))) {
                throw new IOException("its form is " + fields.getProperty("form") + "; this server reads " + FORM);
            }
            return Optional.of(new Session(
                    field(fields, "generation"),
                    Durability.valueOf(field(fields, "durability").toUpperCase(Locale.ROOT)),
                    field(fields, "boot-id"),
                    fields.getProperty("place", ""),
                    Boolean.parseBoolean(field(fields, "clean")),
                    Long.parseLong(field(fields, "engine-sequence"))));
        } catch (IOException | IllegalArgumentException e) {
            throw new StoreException(
                    file + " cannot be read: " + e.getMessage()
                            + ". Delete it to go on: all threads then begin new epochs, and nothing else changes",
                    e);
        }
    }

    private static String field(Properties fields, String name) throws IOException {
        String value = fields.getProperty(name);
        if (value == null) {
            throw new IOException("it has no field " + name);
        }
        return value;
    }

    /** Replaces the file; when this returns, the new one is on the disk. */
    void write(Path directory) throws StoreException {
        String text = "form=" + FORM + "\ngeneration=" + generation + "\ndurability="
                + durability.name().toLowerCase(Locale.ROOT) + "\nboot-id=" + bootId + "\nplace=" + place
                + "\nclean=" + clean
                + "\nengine-sequence=" + engineSequence + "\n";
        Path fresh = directory.resolve(FILE + ".new");
        try {
            try (FileChannel channel = FileChannel.open(
                    fresh, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
                while (bytes.hasRemaining()) {
                    channel.write(bytes);
                }
                channel.force(true);
            }
            Files.move(fresh, directory.resolve(FILE), StandardCopyOption.ATOMIC_MOVE);
            try (FileChannel entries = FileChannel.open(directory, StandardOpenOption.READ)) {
                entries.force(true);
            }
        } catch (IOException e) {
            throw new StoreException(fresh + " cannot be written: " + e.getMessage(), e);
        }
    }
}
