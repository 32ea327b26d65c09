package io.handfast.log;

/** A log that completes late and out of step: nothing may come to rely on the memory log's promptness. */
class LateLogTest extends ThreadLogContract {
    @Override
    protected LogUnderTest open(LogLimits limits) {
        return LateLog.over(new MemoryStore("g"), limits, this::clockMicros, 1).log();
    }
}
