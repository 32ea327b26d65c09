package io.handfast.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EventEncoderTest {

    @Test
    void an_event_of_a_run_has_its_fields_in_the_order_of_the_protocol() {
        byte[] json = EventEncoder.encode(
                EventType.AGENT_THINKING,
                "t-1",
                42,
                1_763_840_000_125_000L,
                "r:1",
                "{\"text\":\"hm é\"}".getBytes(UTF_8));

        assertThat(new String(json, UTF_8))
                .isEqualTo("{\"type\":\"agent_thinking\",\"thread_id\":\"t-1\",\"seq\":42,"
                        + "\"timestamp\":1763840000.125000,\"run_id\":\"r:1\",\"payload\":{\"text\":\"hm é\"}}");
    }

    @Test
    void an_event_of_no_run_has_no_run_id() {
        byte[] json = EventEncoder.encode(EventType.CUSTOM, "t", 1, 7, null, "{}".getBytes(UTF_8));

        assertThat(new String(json, UTF_8))
                .isEqualTo("{\"type\":\"custom\",\"thread_id\":\"t\",\"seq\":1,\"timestamp\":0.000007,\"payload\":{}}");
    }

    @Test
    void numbers_of_every_length_are_written_in_full() {
        for (long seq : new long[] {0, 9, 10, 99, 100, 1_000_000, Long.MAX_VALUE}) {
            byte[] json = EventEncoder.encode(EventType.CUSTOM, "t", seq, 1_000_000L * 10, "r", "{}".getBytes(UTF_8));

            assertThat(new String(json, UTF_8)).contains("\"seq\":" + seq + ",").contains("\"timestamp\":10.000000,");
        }
    }

    @Test
    void the_payload_is_found_by_counting() {
        byte[] payload = "{\"a\":1}".getBytes(UTF_8);
        for (String run : new String[] {"a-run", null}) {
            for (long micros : new long[] {7, 12_345_678, 1_763_840_000_125_000L}) {
                byte[] json = EventEncoder.encode(EventType.CUSTOM, "t-1", 1_234, micros, run, payload);

                int start = EventEncoder.payloadStart(json, EventType.CUSTOM, "t-1", 1_234, run);

                assertThat(new String(json, start, json.length - 1 - start, UTF_8))
                        .isEqualTo("{\"a\":1}");
            }
        }
        assertThat(EventEncoder.payloadStart(payload, EventType.CUSTOM, "t-1", 1, null))
                .isEqualTo(-1);
    }

    @Test
    void the_time_is_read_back_from_the_place_where_it_was_written() {
        for (EventType type : EventType.values()) {
            for (long micros : new long[] {0, 7, 999_999, 1_763_840_000_125_000L}) {
                byte[] json =
                        EventEncoder.encode(type, "t.1", 1_234, micros, "r", "{\"timestamp\":3.5}".getBytes(UTF_8));

                assertThat(EventEncoder.timestampMicros(json, type, "t.1", 1_234))
                        .isEqualTo(micros);
                assertThat(EventEncoder.timestampMicros(json, type, "t.1", 12_345))
                        .isEqualTo(-1);
            }
        }
        assertThat(EventEncoder.timestampMicros("{}".getBytes(UTF_8), EventType.CUSTOM, "t", 1))
                .isEqualTo(-1);
    }
}
