package io.handfast.bench.log;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rocksdb.ColumnFamilyDescriptor;
import org.rocksdb.ColumnFamilyHandle;
import org.rocksdb.CompactRangeOptions;
import org.rocksdb.ConfigOptions;
import org.rocksdb.DBOptions;
import org.rocksdb.OptionsUtil;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/** Brings a closed log into the form in which it rests: what the engine does by itself in the course of a day. */
final class Compaction {
    /** Where the log keeps the engine's files; see the README of log-rocksdb. */
    private static final String ENGINE = "rocksdb";

    private Compaction() {}

    /** Compacts everything, with the options that the log left in its directory. */
    static void run(Path directory) throws RocksDBException {
        String path = directory.resolve(ENGINE).toString();
        List<ColumnFamilyDescriptor> families = new ArrayList<>();
        List<ColumnFamilyHandle> handles = new ArrayList<>();
        try (DBOptions options = new DBOptions();
                ConfigOptions asWritten = new ConfigOptions()) {
            OptionsUtil.loadLatestOptions(asWritten, path, options, families);
            try (RocksDB db = RocksDB.open(options, path, families, handles);
                    CompactRangeOptions all = new CompactRangeOptions()
                            .setBottommostLevelCompaction(CompactRangeOptions.BottommostLevelCompaction.kForce)) {
                for (ColumnFamilyHandle family : handles) {
                    db.compactRange(family, null, null, all);
                }
                handles.forEach(ColumnFamilyHandle::close);
            } finally {
                families.forEach(family -> family.getOptions().close());
            }
        }
    }
}
