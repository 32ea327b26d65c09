package io.handfast.log;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;

/** The memory log on threads of its own, as a durable log runs. */
class ThreadedLogTest extends ThreadLogContract {
    private final List<ExecutorService> executors = new ArrayList<>();

    @Override
    protected LogUnderTest open(LogLimits limits) {
        ExecutorService writer = Executors.newSingleThreadExecutor();
        ExecutorService loads = Executors.newFixedThreadPool(2);
        executors.addAll(List.of(writer, loads));
        EmbeddedThreadLog log = new EmbeddedThreadLog(new EmbeddedThreadLog.Setup(
                new MemoryStore("g"),
                writer,
                loads,
                this::clockMicros,
                EmbeddedThreadLog::randomName,
                limits,
                LogObserver.NONE));
        return new LogUnderTest(log);
    }

    @AfterEach
    void stop() {
        close();
        executors.forEach(ExecutorService::shutdownNow);
    }
}
