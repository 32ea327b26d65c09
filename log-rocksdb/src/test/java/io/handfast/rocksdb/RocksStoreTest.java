package io.handfast.rocksdb;

import static io.handfast.log.LogUnderTest.chunk;
import static io.handfast.log.LogUnderTest.completed;
import static io.handfast.log.LogUnderTest.message;
import static io.handfast.log.LogUnderTest.started;
import static io.handfast.log.LogUnderTest.toolExecuting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.handfast.log.Cursor;
import io.handfast.log.EmbeddedThreadLog;
import io.handfast.log.Entry;
import io.handfast.log.LogLimits;
import io.handfast.log.LogObserver;
import io.handfast.log.LogUnderTest;
import io.handfast.log.Position;
import io.handfast.log.Resumption;
import io.handfast.log.Slice;
import io.handfast.log.StoreException;
import io.handfast.log.ThreadHead;
import io.handfast.log.ThreadLog.RunRecord;
import io.handfast.log.ThreadRecord;
import io.handfast.log.ThreadSummary;
import io.handfast.protocol.ErrorCode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.RocksIterator;

/** What a directory knows after a restart, a crash, and worse. A crash is a copy of the files of a store in use. */
class RocksStoreTest {
    private static final long MIB = 1 << 20;

    private final AtomicLong micros = new AtomicLong(1_763_840_000_000_000L);
    private final AtomicLong usableBytes = new AtomicLong(Long.MAX_VALUE);
    private String bootId = "boot-1";
    private String place = "here";

    /** What the operator is told. */
    private final List<String> failures = new ArrayList<>();

    private final LogObserver operator = new LogObserver() {
        @Override
        public void commitFailed(int requests, Throwable cause) {
            failures.add(String.valueOf(cause.getMessage()));
        }

        @Override
        public void readFailed(Exception cause) {
            failures.add(String.valueOf(cause.getMessage()));
        }
    };

    @TempDir
    Path temp;

    private RocksSettings settings(Path directory, Durability durability) {
        return new RocksSettings(directory, durability, MIB, usableBytes::get, () -> bootId, any -> place);
    }

    private LogUnderTest open(Path directory, Durability durability) throws StoreException {
        return over(RocksStore.open(settings(directory, durability)));
    }

    private LogUnderTest over(RocksStore store) {
        return new LogUnderTest(new EmbeddedThreadLog(new EmbeddedThreadLog.Setup(
                store,
                Runnable::run,
                Runnable::run,
                micros::incrementAndGet,
                EmbeddedThreadLog::randomName,
                LogLimits.forDisk(),
                operator)));
    }

    /** The files as they are now, while the store is in use: what a killed process leaves. */
    private Path crash(Path directory) throws IOException {
        Path copy = temp.resolve("crash-" + System.nanoTime());
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path from, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(copy.resolve(directory.relativize(from)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path from, BasicFileAttributes attributes) throws IOException {
                if (!from.getFileName().toString().equals("LOCK")) {
                    Files.copy(from, copy.resolve(directory.relativize(from)));
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return copy;
    }

    private static Path newest(Path directory, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(Engine.DIRECTORY))) {
            return files.filter(file -> file.toString().endsWith(suffix))
                    .max(Comparator.comparing(file -> file.getFileName().toString()))
                    .orElseThrow();
        }
    }

    private void talk(LogUnderTest log) {
        log.post("t", "ann", "m1", "r1");
        log.append("t", "r1", started(), chunk("a"), toolExecuting("x"));
    }

    @ParameterizedTest
    @EnumSource
    void a_clean_restart_changes_nothing(Durability durability) throws Exception {
        Path directory = temp.resolve("log");
        LogUnderTest log = open(directory, durability);
        talk(log);
        ThreadHead head = log.head("t");
        List<Entry> before = log.readAll("t", 1_000);
        log.close();
        bootId = "boot-2";

        LogUnderTest again = open(directory, durability);

        assertThat(again.head("t")).isEqualTo(head);
        assertThat(again.readAll("t", 1_000))
                .usingRecursiveFieldByFieldElementComparator()
                .isEqualTo(before);
        assertThat(again.done(again.log().openRuns()))
                .extracting(RunRecord::runId)
                .containsExactly("r1");
        assertThat(again.post("t", "ann", "m1", "r9").duplicate()).isTrue();
        assertThat(again.done(again.log().threads("ann", null, 5)))
                .extracting(ThreadSummary::title)
                .containsExactly("text of m1");
        assertThat(again.append("t", "r1", completed()).seq()).isEqualTo(6);
        again.close();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MEMORY")
    void the_death_of_the_process_loses_nothing_and_keeps_the_epoch(Durability durability) throws Exception {
        Path directory = temp.resolve("log");
        LogUnderTest log = open(directory, durability);
        talk(log);
        ThreadHead head = log.head("t");

        LogUnderTest after = open(crash(directory), durability);

        assertThat(after.head("t")).isEqualTo(head);
        assertThat(after.readAll("t", 1_000)).hasSize(4);
        assertThat(after.done(after.log().openRuns())).hasSize(1);
        after.close();
        log.close();
    }

    @Test
    void a_record_that_lags_behind_its_events_is_made_up_from_them() throws Exception {
        Path directory = temp.resolve("log");
        LogUnderTest log = open(directory, Durability.DISK);
        talk(log);
        for (int i = 0; i < 150; i++) {
            log.append("t", "r1", chunk("piece " + i));
        }
        ThreadHead head = log.head("t");
        long writtenMicros = micros.get();
        Path crashed = crash(directory);
        log.close();
        try (Engine engine = Engine.open(crash(crashed), Durability.DISK)) {
            byte[] value = engine.db().get(engine.records(), Keys.thread("t"));
            assertThat(Records.thread("t", value).headSeq())
                    .as("a record that is not written for each event")
                    .isBetween(head.headSeq() - 63, head.headSeq() - 1);
        }
        micros.set(writtenMicros - 1_000_000);

        RocksStore store = RocksStore.open(settings(crashed, Durability.DISK));
        ThreadRecord record = Objects.requireNonNull(store.thread("t"));
        LogUnderTest after = over(store);

        assertThat(after.head("t")).isEqualTo(head);
        List<Entry> events = after.readAll("t", 1_000);
        assertThat(record.retainedBytes())
                .isEqualTo(
                        events.stream().mapToLong(entry -> entry.json().length).sum());
        assertThat(record.lastMicros()).isEqualTo(writtenMicros);
        assertThat(after.append("t", "r1", completed()).seq())
                .as("behind the open tool call, which is closed")
                .isEqualTo(head.headSeq() + 2);
        after.close();
        try (Engine engine = Engine.open(crashed, Durability.DISK)) {
            byte[] value = engine.db().get(engine.records(), Keys.thread("t"));
            assertThat(Records.thread("t", value).headSeq())
                    .as("the record of a thread at rest")
                    .isEqualTo(head.headSeq() + 2);
        }
    }

    @Test
    void a_hole_in_the_events_behind_a_record_is_named_and_never_filled() throws Exception {
        Path directory = temp.resolve("log");
        LogUnderTest log = open(directory, Durability.DISK);
        talk(log);
        log.append("t", "r1", chunk("a"), chunk("b"), chunk("c"));
        log.close();
        try (Engine engine = Engine.open(directory, Durability.DISK)) {
            ThreadRecord record = Records.thread("t", engine.db().get(engine.records(), Keys.thread("t")));
            engine.db().delete(engine.events(), Keys.event(record, 6));
        }

        LogUnderTest after = open(directory, Durability.DISK);

        assertThat(after.refused(after.log().append("t", "r1", List.of(chunk("d"))), ErrorCode.UNAVAILABLE))
                .contains("event 6 of thread t is missing");
        after.close();
    }

    @Test
    void the_death_of_the_machine_keeps_the_epoch_only_with_durability_disk() throws Exception {
        for (Durability durability : Durability.values()) {
            Path directory = temp.resolve(durability.name());
            bootId = "boot-1";
            LogUnderTest log = open(directory, durability);
            talk(log);
            ThreadHead head = log.head("t");
            Path crashed = crash(directory);
            log.close();
            bootId = "boot-2";

            LogUnderTest after = open(crashed, durability);
            String epoch = after.claim("t", "ann").epoch();

            assertThat(epoch.equals(head.epoch())).isEqualTo(durability == Durability.DISK);
            after.close();
        }
    }

    @Test
    void in_memory_a_crash_begins_new_epochs_even_on_the_same_boot() throws Exception {
        Path directory = temp.resolve("log");
        LogUnderTest log = open(directory, Durability.MEMORY);
        log.post("t", "ann", "m1", "r1");
        log.close();
        LogUnderTest again = open(directory, Durability.MEMORY);
        String epoch = again.head("t").epoch();
        again.post("t", "ann", "m2", "r2");

        LogUnderTest after = open(crash(directory), Durability.MEMORY);

        assertThat(after.head("t").epoch()).isNotEqualTo(epoch);
        assertThat(after.head("t").headSeq()).isEqualTo(1);
        assertThat(after.read("t", new Cursor(epoch, 2), 1_000)).isEqualTo(new Slice.Replaced());
        after.close();
        again.close();
    }

    @Test
    void a_log_whose_tail_was_cut_off_after_the_machine_died_begins_a_new_epoch_and_uses_no_seq_twice()
            throws Exception {
        Path directory = temp.resolve("log");
        LogUnderTest log = open(directory, Durability.PROCESS);
        talk(log);
        String epoch = log.head("t").epoch();
        Path crashed = crash(directory);
        log.close();
        cut(newest(crashed, ".log"), 40);
        bootId = "boot-2";

        LogUnderTest after = open(crashed, Durability.PROCESS);
        ThreadHead head = after.head("t");

        assertThat(head.headSeq()).isEqualTo(1);
        assertThat(head.epoch()).isNotEqualTo(epoch);
        Resumption resumption = Resumption.of(head, new Position.After(4, epoch));
        assertThat(resumption.gap()).isNotNull();
        assertThat(after.readAll("t", 1_000)).hasSize(1);
        assertThat(after.append("t", "r1", started()).seq()).isEqualTo(2);
        after.close();
    }

    @Test
    void a_cleanly_closed_log_that_is_shorter_than_it_was_begins_a_new_epoch() throws Exception {
        Path directory = temp.resolve("log");
        LogUnderTest log = open(directory, Durability.DISK);
        talk(log);
        String epoch = log.head("t").epoch();
        Path older = crash(directory);
        log.append("t", "r1", chunk("later"));
        log.close();
        Files.copy(directory.resolve(Session.FILE), older.resolve(Session.FILE), StandardCopyOption.REPLACE_EXISTING);

        LogUnderTest after = open(older, Durability.DISK);

        assertThat(after.head("t").epoch()).isNotEqualTo(epoch);
        assertThat(after.head("t").headSeq()).isEqualTo(4);
        after.close();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MEMORY")
    void a_tail_that_was_acknowledged_and_is_cut_off_begins_a_new_epoch_on_the_same_boot_too(Durability durability)
            throws Exception {
        for (long left : new long[] {0, 3_000}) {
            Path directory = temp.resolve("log" + left);
            LogUnderTest log = open(directory, durability);
            for (int i = 0; i < 20; i++) {
                log.post("t", "ann", "m" + i, "r" + i);
                log.append("t", "r" + i, started(), completed());
            }
            log.claim("other", "ann");
            String epoch = log.head("t").epoch();
            Path crashed = crash(directory);
            log.close();
            Path tail = newest(crashed, ".log");
            cut(tail, Files.size(tail) - left);

            List<String> doubts = new ArrayList<>();
            RocksStore store = RocksStore.open(settings(crashed, durability));
            store.doubt().ifPresent(doubts::add);
            LogUnderTest after = over(store);

            assertThat(doubts).singleElement().asString().contains("the end of the log is missing");
            assertThat(after.claim("t", "ann").epoch()).isNotEqualTo(epoch);
            assertThat(after.head("t").headSeq()).isLessThan(60);
            after.close();
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MEMORY")
    void without_the_newest_file_of_the_write_ahead_log_no_seq_is_used_twice(Durability durability) throws Exception {
        Path directory = temp.resolve("log");
        LogUnderTest log = open(directory, durability);
        talk(log);
        log.close();
        LogUnderTest again = open(directory, durability);
        again.append("t", "r1", chunk("shown"));
        String epoch = again.head("t").epoch();
        Path crashed = crash(directory);
        again.close();
        Files.delete(newest(crashed, ".log"));

        LogUnderTest after = open(crashed, durability);

        assertThat(after.head("t").headSeq()).isEqualTo(4);
        assertThat(after.head("t").epoch()).isNotEqualTo(epoch);
        assertThat(after.read("t", new Cursor(epoch, 4), 1_000)).isEqualTo(new Slice.Replaced());
        after.close();
    }

    @ParameterizedTest
    @EnumSource
    void a_copy_of_a_directory_begins_new_epochs_since_it_may_be_an_older_one(Durability durability) throws Exception {
        Path directory = temp.resolve("log");
        LogUnderTest log = open(directory, durability);
        talk(log);
        log.close();
        Path older = crash(directory);
        LogUnderTest again = open(directory, durability);
        again.append("t", "r1", chunk("shown"));
        String epoch = again.head("t").epoch();
        again.close();
        place = "elsewhere";

        RocksStore store = RocksStore.open(settings(older, durability));
        LogUnderTest after = over(store);

        assertThat(store.doubt()).hasValueSatisfying(why -> assertThat(why).contains("copy"));
        assertThat(after.head("t").headSeq()).isEqualTo(4);
        assertThat(after.head("t").epoch()).isNotEqualTo(epoch);
        after.close();
    }

    @Test
    void a_file_has_a_place_that_its_copy_does_not_have() throws Exception {
        Path directory = temp.resolve("log");
        open(directory, Durability.PROCESS).close();

        assertThat(Mark.place(directory)).isEqualTo(Mark.place(directory)).isNotEqualTo(Mark.place(crash(directory)));
    }

    @Test
    void a_missing_or_damaged_mark_proves_nothing() throws Exception {
        for (byte[] damaged : new byte[][] {{}, {1, 2, 3}, new byte[9]}) {
            Path directory = temp.resolve("log" + damaged.length);
            LogUnderTest log = open(directory, Durability.DISK);
            talk(log);
            String epoch = log.head("t").epoch();
            log.close();
            Files.write(directory.resolve(Mark.FILE), damaged);

            RocksStore store = RocksStore.open(settings(directory, Durability.DISK));
            LogUnderTest after = over(store);

            assertThat(store.doubt()).hasValueSatisfying(why -> assertThat(why).contains(Mark.FILE));
            assertThat(after.head("t").epoch()).isNotEqualTo(epoch);
            after.close();
            LogUnderTest again = open(directory, Durability.DISK);
            assertThat(again.head("t").headSeq()).isEqualTo(4);
            again.close();
        }
    }

    private static void cut(Path file, long bytes) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.setLength(open.length() - bytes);
        }
    }

    private static void flip(Path file, long at) throws IOException {
        try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
            open.seek(at);
            int octet = open.read();
            open.seek(at);
            open.write(octet ^ 0x55);
        }
    }

    @Test
    void a_second_server_on_the_same_directory_refuses_to_start_and_the_first_goes_on() throws Exception {
        Path directory = temp.resolve("log");
        LogUnderTest log = open(directory, Durability.DISK);

        assertThatThrownBy(() -> open(directory, Durability.DISK))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("another server")
                .hasMessageContaining(directory.toString());

        talk(log);
        log.close();
        open(directory, Durability.DISK).close();
    }

    @Test
    void damage_in_the_middle_of_the_write_ahead_log_refuses_to_start_and_says_how_to_go_on() throws Exception {
        Path directory = temp.resolve("log");
        LogUnderTest log = open(directory, Durability.DISK);
        for (int i = 0; i < 20; i++) {
            log.post("t" + i, "ann", "m", "r" + i);
        }
        Path crashed = crash(directory);
        log.close();
        Path damaged = newest(crashed, ".log");
        flip(damaged, 1_000);

        assertThatThrownBy(() -> open(crashed, Durability.DISK))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("damaged")
                .hasMessageContaining("back-up")
                .hasMessageContaining(crashed.toString())
                .hasMessageContaining(damaged.getFileName().toString());
    }

    @Test
    void a_damaged_table_is_named_and_never_served() throws Exception {
        Path directory = temp.resolve("log");
        LogUnderTest log = open(directory, Durability.DISK);
        Map<String, ThreadHead> heads = new HashMap<>();
        Map<String, byte[]> written = new HashMap<>();
        for (int i = 0; i < 300; i++) {
            String threadId = "t" + i;
            log.post(threadId, "ann", "m", "r" + i);
            heads.put(threadId, log.head(threadId));
            written.put(threadId, log.readAll(threadId, 1_000).get(0).json());
        }
        log.close();
        for (Path table : tables(directory)) {
            flip(table, 200);
            flip(table, Files.size(table) / 2);
        }

        List<String> refusals = new ArrayList<>();
        LogUnderTest after = open(directory, Durability.DISK);
        for (ThreadHead head : heads.values()) {
            Slice slice = after.await(after.log().load(head.threadId(), new Cursor(head.epoch(), 0), 1_000));
            if (slice instanceof Slice.Events events) {
                assertThat(events.entries().get(0).json()).isEqualTo(written.get(head.threadId()));
            } else {
                assertThat(slice).isInstanceOf(Slice.Unavailable.class);
                refusals.add(((Slice.Unavailable) slice).why());
            }
        }
        after.close();

        assertThat(refusals)
                .isNotEmpty()
                .allSatisfy(why -> assertThat(why).contains("damaged").doesNotContain(directory.toString()));
        assertThat(failures)
                .hasSameSizeAs(refusals)
                .allSatisfy(why ->
                        assertThat(why).contains("damaged").contains(".sst").contains("back-up"));
    }

    private static List<Path> tables(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory.resolve(Engine.DIRECTORY))) {
            return files.filter(name -> name.toString().endsWith(".sst")).toList();
        }
    }

    @Test
    void a_damaged_session_file_is_named_with_the_way_to_go_on() throws Exception {
        Path directory = temp.resolve("log");
        open(directory, Durability.DISK).close();
        Files.writeString(directory.resolve(Session.FILE), "form=1\n");

        assertThatThrownBy(() -> open(directory, Durability.DISK))
                .hasMessageContaining(Session.FILE)
                .hasMessageContaining("Delete it");

        assertThat(heldOpen(directory.resolve(Mark.FILE))).isZero();
    }

    private static long heldOpen(Path file) throws IOException {
        Path descriptors = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(descriptors), "this system does not list what a process holds open");
        try (Stream<Path> links = Files.list(descriptors)) {
            return links.filter(link -> file.equals(target(link))).count();
        }
    }

    private static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException e) {
            // Closed since it was listed, as the one of the list itself.
            return link;
        }
    }

    @Test
    void a_full_disk_refuses_appends_serves_readers_and_recovers_without_a_restart() throws Exception {
        Path directory = temp.resolve("log");
        LogUnderTest log = open(directory, Durability.DISK);
        talk(log);
        usableBytes.set(MIB - 1);

        String why = log.refused(log.log().post(message("t", "ann", "m2", "r2")), ErrorCode.UNAVAILABLE);

        assertThat(why).contains("full").doesNotContain(directory.toString());
        assertThat(failures).singleElement().asString().contains("full").contains(directory.toString());
        assertThat(log.readAll("t", 1_000)).hasSize(4);
        assertThat(log.claim("t", "ann").headSeq()).isEqualTo(4);
        usableBytes.set(MIB);
        assertThat(log.post("t", "ann", "m2", "r2").seq()).isEqualTo(5);
        log.close();
    }

    @Test
    void a_deleted_thread_is_gone_from_the_disk() throws Exception {
        Path directory = temp.resolve("log");
        RocksStore store = RocksStore.open(settings(directory, Durability.PROCESS));
        LogUnderTest log = over(store);
        talk(log);
        log.post("other", "ann", "m1", "r2");
        log.done(log.log().delete("t", "ann"));
        log.close();

        try (Engine engine = Engine.open(directory, Durability.PROCESS)) {
            assertThat(rows(engine, engine.events()))
                    .as("the event of the other thread")
                    .isEqualTo(1);
            assertThat(rows(engine, engine.records()))
                    .as("its t, m, r, q, o and u")
                    .isEqualTo(6);
        }
    }

    private static int rows(Engine engine, ColumnFamilyHandle family) {
        int rows = 0;
        try (RocksIterator all = engine.db().newIterator(family)) {
            for (all.seekToFirst(); all.isValid(); all.next()) {
                rows++;
            }
        }
        return rows;
    }

    @Test
    void a_back_up_of_a_log_in_use_starts_with_what_was_there_in_new_epochs() throws Exception {
        RocksStore store = RocksStore.open(settings(temp.resolve("log"), Durability.DISK));
        LogUnderTest log = over(store);
        talk(log);
        Path copy = temp.resolve("back-up");
        store.backUp(copy);
        log.append("t", "r1", chunk("later"));

        LogUnderTest restored = open(copy, Durability.DISK);

        assertThat(restored.head("t").headSeq()).isEqualTo(4);
        assertThat(restored.head("t").epoch()).isNotEqualTo(log.head("t").epoch());
        assertThat(restored.readAll("t", 1_000)).hasSize(4);
        restored.close();
        log.close();
    }

    @Test
    @Timeout(60)
    void nobody_waits_for_the_copy_of_a_back_up_neither_readers_nor_who_replaces_the_engine() throws Exception {
        RocksStore store = RocksStore.open(settings(temp.resolve("log"), Durability.DISK));
        LogUnderTest log = over(store);
        talk(log);
        Path copy = temp.resolve("back-up");

        store.backUp(copy, (staged, target) -> {
            // To close takes the same lock as to open the engine again after a write that failed.
            CompletableFuture<Integer> meanwhile = CompletableFuture.supplyAsync(() -> {
                int read = log.readAll("t", 1_000).size();
                log.close();
                return read;
            });
            assertThat(meanwhile).succeedsWithin(Duration.ofSeconds(30)).isEqualTo(4);
            BackUpFiles.bring(staged, target);
        });

        LogUnderTest restored = open(copy, Durability.DISK);
        assertThat(restored.readAll("t", 1_000)).hasSize(4);
        restored.close();
    }

    @Test
    void a_back_up_that_fails_leaves_nothing_and_what_a_dead_server_left_of_one_is_deleted() throws Exception {
        Path directory = temp.resolve("log");
        Path chosen = Files.createDirectories(directory.resolve("handfast.backup-monday"));
        RocksStore store = RocksStore.open(settings(directory, Durability.PROCESS));
        Path copy = temp.resolve("back-up");

        assertThatThrownBy(() -> store.backUp(copy, (staged, target) -> {
                    assertThat(staged.resolve(Engine.DIRECTORY)).isDirectory();
                    throw new IOException("no space left");
                }))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("no space left")
                .hasMessageContaining(copy.toString());

        assertThat(copy).doesNotExist();
        assertThat(backUpsOnTheirWay(directory)).isEmpty();
        store.close();
        Files.createDirectory(BackUpFiles.stage(directory).checkpoint());
        assertThat(backUpsOnTheirWay(directory)).hasSize(1);
        RocksStore.open(settings(directory, Durability.PROCESS)).close();
        assertThat(backUpsOnTheirWay(directory)).isEmpty();
        assertThat(chosen).as("a name that somebody may have chosen").isDirectory();
    }

    @Test
    void a_back_up_is_never_in_the_directory_that_it_copies_by_whatever_links() throws Exception {
        Path directory = closedLog();
        Path link = Files.createSymbolicLink(temp.resolve("link"), directory);

        for (Path inside :
                List.of(directory.resolve("copy"), directory.resolve("rocksdb/copy"), link.resolve("copy"))) {
            assertThatThrownBy(() -> RocksStore.backUp(directory, inside))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(inside + " is in the data directory, " + directory);
            assertThat(inside).doesNotExist();
        }
        RocksStore.backUp(directory, temp.resolve("log-copy"));
    }

    @Test
    void half_a_copy_and_a_log_without_its_CURRENT_are_refused_and_stay_as_they_are() throws Exception {
        Path directory = closedLog();
        RocksStore.backUp(directory, temp.resolve("copy"));
        Path files = temp.resolve("copy").resolve(Engine.DIRECTORY);
        List<String> order;
        try (Stream<Path> all = Files.list(files)) {
            order = all.sorted(Comparator.comparing(Engine::placeInCopy))
                    .map(file -> file.getFileName().toString())
                    .toList();
        }
        assertThat(order.get(0)).matches(".*[.](sst|log)");
        assertThat(order).last().isEqualTo("CURRENT");

        for (int copied = 1; copied < order.size(); copied++) {
            Path half = Files.createDirectories(temp.resolve("half-" + copied));
            Path halfFiles = Files.createDirectory(half.resolve(Engine.DIRECTORY));
            for (String name : order.subList(0, copied)) {
                Files.copy(files.resolve(name), halfFiles.resolve(name));
            }
            assertThatThrownBy(() -> open(half, Durability.PROCESS))
                    .isInstanceOf(StoreException.class)
                    .hasMessageContaining(halfFiles + " is not whole: the file CURRENT is missing");
            assertThat(halfFiles.resolve(order.get(0))).hasSameBinaryContentAs(files.resolve(order.get(0)));
        }
    }

    /** The directory of a log with a conversation in it, which no server uses. */
    private Path closedLog() throws StoreException {
        Path directory = temp.resolve("log");
        LogUnderTest log = open(directory, Durability.PROCESS);
        talk(log);
        log.close();
        return directory;
    }

    private static List<Path> backUpsOnTheirWay(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.getFileName().toString().contains("staged"))
                    .toList();
        }
    }

    @Test
    void a_back_up_on_another_disk_is_copied_byte_by_byte() throws Exception {
        Path other = Path.of("/dev/shm");
        assumeTrue(
                Files.isWritable(other) && !Files.getFileStore(other).equals(Files.getFileStore(temp)),
                "no other disk");
        RocksStore store = RocksStore.open(settings(temp.resolve("log"), Durability.DISK));
        LogUnderTest log = over(store);
        talk(log);
        Path parent = Files.createTempDirectory(other, "handfast-test-");
        try {
            store.backUp(parent.resolve("back-up"));
            log.close();

            LogUnderTest restored = open(parent.resolve("back-up"), Durability.DISK);
            assertThat(restored.readAll("t", 1_000)).hasSize(4);
            restored.close();
            assertThat(backUpsOnTheirWay(temp.resolve("log"))).isEmpty();
        } finally {
            BackUpFiles.delete(parent);
        }
    }

    @Test
    void a_directory_that_no_server_uses_is_backed_up_and_stays_what_it_was() throws Exception {
        Path directory = temp.resolve("log");
        LogUnderTest log = open(directory, Durability.PROCESS);
        talk(log);
        String epoch = log.head("t").epoch();
        assertThatThrownBy(() -> RocksStore.backUp(directory, temp.resolve("too-early")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("another server uses");
        log.close();

        RocksStore.backUp(directory, temp.resolve("copy"));

        LogUnderTest original = open(directory, Durability.PROCESS);
        assertThat(original.head("t").epoch()).isEqualTo(epoch);
        original.close();
        LogUnderTest restored = open(temp.resolve("copy"), Durability.PROCESS);
        assertThat(restored.head("t").epoch()).isNotEqualTo(epoch);
        assertThat(restored.readAll("t", 1_000)).hasSize(4);
        restored.close();
    }

    @Test
    void a_back_up_takes_a_log_and_a_new_directory() throws Exception {
        Path directory = temp.resolve("log");
        open(directory, Durability.PROCESS).close();
        assertThatThrownBy(() -> RocksStore.backUp(directory, directory))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(directory + " exists");
        assertThatThrownBy(() -> RocksStore.backUp(temp.resolve("nothing"), temp.resolve("copy")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("no log in " + temp.resolve("nothing"));
        assertThat(temp.resolve("nothing")).doesNotExist();
    }
}
