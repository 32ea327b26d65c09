package io.handfast.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.handfast.log.LogObserver;
import io.handfast.log.LogUnderTest;
import io.handfast.log.ThreadHead;
import io.handfast.server.config.Configuration;
import io.handfast.server.config.Configuration.Sources;
import io.handfast.server.config.Settings;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the server's log does by itself. */
class LogEngineTest {
    @Test
    void the_log_in_memory_drops_what_is_too_old_from_time_to_time_even_if_nobody_writes() throws Exception {
        Map<String, String> flags = Map.of("handfast.log", "memory", "handfast.retention.age", "1s");
        Settings settings = Configuration.load(new Sources(flags, Map.of(), Map.of(), Optional.empty()))
                .settings();
        try (LogEngine engine = LogEngine.inMemory(settings, LogObserver.NONE, Duration.ofMillis(50))) {
            LogUnderTest log = new LogUnderTest(engine.log());
            log.post("t", "ann", "m", "r");
            ThreadHead written = log.head("t");

            await().atMost(TestServer.PATIENCE).until(() -> log.head("t").oldestSeq() == 2);

            assertThat(log.head("t").epoch()).isEqualTo(written.epoch());
            assertThat(log.readAll("t", 1_000)).isEmpty();
        }
    }
}
