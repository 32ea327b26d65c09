package io.handfast.netty;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Several instances with one log behind them. */
@ExtendWith(LeakWatch.class)
class InstancesTest {
    private static final String QUESTION =
            "{\"type\":\"user_message\",\"thread_id\":\"t\",\"message_id\":\"%s\",\"agent\":\"parrot\",\"text\":\"%s\"}";

    @Test
    void f23_a_reader_goes_on_at_another_instance_whoever_runs_the_answer() throws Exception {
        try (TestGateway gateway = TestGateway.start();
                GatewayServer other = gateway.another()) {
            RawReader reader = new RawReader("t");
            try (RawClient first = gateway.client().open(reader.target())) {
                first.text(QUESTION.formatted("m1", "one two "));
                reader.to("agent_completed", first);
            }
            try (RawClient second = new RawClient(other.address()).open(reader.target())) {
                assertThat(second.await("subscribed")).containsEntry("resumed", true);
                try (RawClient elsewhere = gateway.client().open("/v1/ws")) {
                    elsewhere.text(QUESTION.formatted("m2", "three"));
                    reader.to("agent_completed", second);
                }
            }
            assertThat(reader.answer()).isEqualTo("one two three");
        }
    }
}
