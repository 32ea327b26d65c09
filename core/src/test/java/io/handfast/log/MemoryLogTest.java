package io.handfast.log;

class MemoryLogTest extends ThreadLogContract {
    @Override
    protected LogUnderTest open(LogLimits limits) {
        return new LogUnderTest(EmbeddedThreadLog.inMemory(this::clockMicros, limits));
    }
}
