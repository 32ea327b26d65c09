package io.handfast.rocksdb;

import io.handfast.log.EmbeddedThreadLog;
import io.handfast.log.LogLimits;
import io.handfast.log.LogObserver;
import io.handfast.log.LogUnderTest;
import io.handfast.log.ThreadLogContract;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;

/** The contract of the log, in each durability. */
class RocksLogContractTest {
    @Nested
    class InMemory extends Contract {
        InMemory() {
            super(Durability.MEMORY);
        }
    }

    @Nested
    class PerProcess extends Contract {
        PerProcess() {
            super(Durability.PROCESS);
        }
    }

    @Nested
    class OnDisk extends Contract {
        OnDisk() {
            super(Durability.DISK);
        }
    }

    abstract static class Contract extends ThreadLogContract {
        private final Durability durability;
        private final ExecutorService writer = Executors.newSingleThreadExecutor();
        private final ExecutorService loads = Executors.newFixedThreadPool(2);
        private final AtomicInteger logs = new AtomicInteger();

        @TempDir
        Path directory;

        Contract(Durability durability) {
            this.durability = durability;
        }

        @Override
        protected LogUnderTest open(LogLimits limits) throws Exception {
            Path own = directory.resolve("log" + logs.incrementAndGet());
            RocksStore store = RocksStore.open(RocksSettings.of(own, durability));
            return new LogUnderTest(new EmbeddedThreadLog(new EmbeddedThreadLog.Setup(
                    store, writer, loads, this::clockMicros, EmbeddedThreadLog::randomName, limits, LogObserver.NONE)));
        }

        @AfterEach
        void stop() {
            close();
            writer.shutdownNow();
            loads.shutdownNow();
        }
    }
}
