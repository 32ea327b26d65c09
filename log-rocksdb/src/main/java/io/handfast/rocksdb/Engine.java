package io.handfast.rocksdb;

import io.handfast.log.StoreException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.BloomFilter;
import org.rocksdb.Checkpoint;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.ColumnFamilyOptions;
import org.rocksdb.CompressionType;
import org.rocksdb.DBOptions;
import org.rocksdb.FlushOptions;
import org.rocksdb.InfoLogLevel;
import org.rocksdb.LRUCache;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.RocksObject;
import org.rocksdb.Status;
import org.rocksdb.WALRecoveryMode;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/** One opened RocksDB with its two column families, and everything native that has to be released with it. */
final class Engine implements AutoCloseable {
    static final String DIRECTORY = "rocksdb";

    /** What clients are told. */
    static final String DISK_FULL =
            "the disk of the server is full; events can be read, and new ones are taken again when there is space";

    /** Names the engine's journal. Without it the engine takes all other files for nothing, and begins anew. */
    private static final String CURRENT = "CURRENT";

    private static final long MIB = 1 << 20;
    private static final long DAY_SECONDS = 86_400;

    private final Path directory;
    private final List<RocksObject> owned = new ArrayList<>();
    private final RocksDB db;
    private final ColumnFamilyHandle records;
    private final ColumnFamilyHandle events;
    private final WriteOptions writing;

    /** Opens the engine below this directory, and creates it when it is not there. */
    static Engine open(Path directory, Durability durability) throws StoreException {
        RocksDB.loadLibrary();
        return new Engine(directory, durability, false);
    }

    /** Opens what is there for reading; needs no space on the disk. */
    static Engine openReadOnly(Path directory, Durability durability) throws StoreException {
        return new Engine(directory, durability, true);
    }

    private Engine(Path directory, Durability durability, boolean readOnly) throws StoreException {
        this.directory = directory.resolve(DIRECTORY);
        try {
            Files.createDirectories(this.directory);
            requireCurrent();
            DBOptions options = own(dbOptions(durability));
            LRUCache cache = own(new LRUCache(32 * MIB));
            List<ColumnFamilyDescriptor> families = List.of(
                    new ColumnFamilyDescriptor(RocksDB.DEFAULT_COLUMN_FAMILY, own(recordOptions(cache))),
                    new ColumnFamilyDescriptor("events".getBytes(StandardCharsets.US_ASCII), own(eventOptions(cache))));
            List<ColumnFamilyHandle> handles = new ArrayList<>();
            db = readOnly
                    ? RocksDB.openReadOnly(options, this.directory.toString(), families, handles)
                    : RocksDB.open(options, this.directory.toString(), families, handles);
            records = handles.get(0);
            events = handles.get(1);
            writing = own(new WriteOptions());
            writing.setSync(durability == Durability.DISK);
            writing.setDisableWAL(durability == Durability.MEMORY);
        } catch (RocksDBException e) {
            release();
            throw opening(e);
        } catch (IOException e) {
            release();
            throw new StoreException("the directory " + this.directory + " cannot be created: " + e.getMessage(), e);
        }
    }

    /** The engine would delete the events of a log that has lost this one file. */
    private void requireCurrent() throws StoreException, IOException {
        if (Files.exists(directory.resolve(CURRENT))) {
            return;
        }
        try (Stream<Path> files = Files.list(directory)) {
            if (files.anyMatch(Engine::holdsEvents)) {
                throw new StoreException("the log in " + directory + " is not whole: the file " + CURRENT
                        + " is missing. The directory is a copy that was cut off, or files of it were deleted; nothing of it"
                        + " is shown. Start on a back-up, or move " + directory.getParent()
                        + " away and start with an empty log");
            }
        }
    }

    private static boolean holdsEvents(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".sst") || name.endsWith(".log");
    }

    /** Files with events are copied first, and last the one that makes a log of them: half a copy is refused. */
    static int placeInCopy(Path file) {
        if (holdsEvents(file)) {
            return 0;
        }
        return file.endsWith(CURRENT) ? 2 : 1;
    }

    private <T extends RocksObject> T own(T object) {
        owned.add(object);
        return object;
    }

    private static DBOptions dbOptions(Durability durability) {
        // Not in the Java interface, but understood by the parser:
        // a start fails when a whole synced file of the write-ahead log is missing.
        Properties parsed = new Properties();
        parsed.setProperty("track_and_verify_wals_in_manifest", "true");
        DBOptions options = DBOptions.getDBOptionsFromProps(parsed);
        options.setCreateIfMissing(true)
                .setCreateMissingColumnFamilies(true)
                .setParanoidChecks(true)
                // A record torn by a crash at the very end was never acknowledged; damage anywhere else refuses to
                // start.
                .setWalRecoveryMode(WALRecoveryMode.TolerateCorruptedTailRecords)
                // Without a write-ahead log the two families must reach the disk together.
                .setAtomicFlush(durability == Durability.MEMORY)
                .setMaxBackgroundJobs(2)
                .setMaxTotalWalSize(256 * MIB)
                .setInfoLogLevel(InfoLogLevel.WARN_LEVEL)
                .setMaxLogFileSize(4 * MIB)
                .setKeepLogFileNum(3)
                .setStatsDumpPeriodSec(0);
        return options;
    }

    private ColumnFamilyOptions recordOptions(LRUCache cache) {
        BloomFilter bloom = own(new BloomFilter(10));
        return new ColumnFamilyOptions()
                .setWriteBufferSize(16 * MIB)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                // Deleted bytes leave the disk within about a day, even where nothing is written any more.
                .setPeriodicCompactionSeconds(DAY_SECONDS)
                .setTableFormatConfig(
                        new BlockBasedTableConfig().setBlockCache(cache).setFilterPolicy(bloom));
    }

    private static ColumnFamilyOptions eventOptions(LRUCache cache) {
        // Not in the Java interface either: the next event of a thread is looked for in memory
        // where its last one went, and not among those of all threads.
        Properties parsed = new Properties();
        parsed.setProperty("memtable_insert_with_hint_prefix_extractor", "capped:" + Keys.INCARNATION_CHARS);
        return ColumnFamilyOptions.getColumnFamilyOptionsFromProps(parsed)
                .setWriteBufferSize(64 * MIB)
                .setCompressionType(CompressionType.LZ4_COMPRESSION)
                .setBottommostCompressionType(CompressionType.ZSTD_COMPRESSION)
                .setPeriodicCompactionSeconds(DAY_SECONDS)
                .setTableFormatConfig(
                        new BlockBasedTableConfig().setBlockCache(cache).setBlockSize(16 * 1024));
    }

    private StoreException opening(RocksDBException e) {
        if (String.valueOf(e.getMessage()).contains("LOCK")) {
            return new StoreException(
                    "another server uses the log in " + directory + ": it holds the lock " + directory.resolve("LOCK")
                            + ". Stop that server, or give this one a directory of its own",
                    e);
        }
        return failed("opened", e);
    }

    /** Says what failed, and, when the engine found damage, where it is and how to go on. */
    StoreException failed(String verb, RocksDBException e) {
        String message = "the log in " + directory + " cannot be " + verb + ": " + e.getMessage();
        Status status = e.getStatus();
        if (status != null && status.getSubCode() == Status.SubCode.NoSpace) {
            return new StoreException(message + ". The disk is full: make space", DISK_FULL, e);
        }
        if (status == null || status.getCode() != Status.Code.Corruption) {
            return new StoreException(message, e);
        }
        return new StoreException(
                message + damagedWal()
                        + ". The file is damaged, and nothing of it is shown. Start on a back-up, or move "
                        + directory.getParent() + " away and start with an empty log",
                "a part of the log is damaged, and nothing of it is shown; whoever runs the server has to mend it",
                e);
    }

    /** The engine does not name a damaged file of the write-ahead log in its message, but in its own journal it does. */
    private String damagedWal() {
        try (Stream<String> journal = Files.lines(directory.resolve("LOG"), StandardCharsets.ISO_8859_1)) {
            return journal.filter(line -> line.contains(".log: dropping"))
                    .map(line -> " (" + line.replaceFirst(".*?([0-9]+\\.log: dropping)", "$1") + ")")
                    .reduce("", (first, last) -> last);
        } catch (IOException | UncheckedIOException e) {
            return " (" + directory.resolve("LOG") + " may say where)";
        }
    }

    RocksDB db() {
        return db;
    }

    ColumnFamilyHandle records() {
        return records;
    }

    ColumnFamilyHandle events() {
        return events;
    }

    void write(WriteBatch batch) throws StoreException {
        try {
            db.write(writing, batch);
        } catch (RocksDBException e) {
            throw failed("written", e);
        }
    }

    /** The number of writes that the engine holds. */
    long sequence() {
        return db.getLatestSequenceNumber();
    }

    void checkpoint(Path target) throws StoreException {
        try (Checkpoint checkpoint = Checkpoint.create(db)) {
            checkpoint.createCheckpoint(target.toString());
        } catch (RocksDBException e) {
            throw failed("backed up to " + target, e);
        }
    }

    /** Brings everything into the engine's tables; afterwards nothing depends on the write-ahead log. */
    void flush() throws StoreException {
        try (FlushOptions flush = new FlushOptions().setWaitForFlush(true)) {
            db.flush(flush, List.of(records, events));
        } catch (RocksDBException e) {
            throw failed("flushed", e);
        }
    }

    private void release() {
        for (int i = owned.size() - 1; i >= 0; i--) {
            owned.get(i).close();
        }
        owned.clear();
    }

    @Override
    public void close() {
        records.close();
        events.close();
        db.close();
        release();
    }
}
