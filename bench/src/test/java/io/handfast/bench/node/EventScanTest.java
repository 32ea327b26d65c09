package io.handfast.bench.node;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.protocol.EventEncoder;
import io.handfast.protocol.EventType;
import org.junit.jupiter.api.Test;

class EventScanTest {
    @Test
    void the_place_of_an_event_is_found_and_nothing_in_its_payload_taken_for_it() {
        byte[] event = EventEncoder.encode(
                EventType.AGENT_RESPONSE_CHUNK, "t", 1_234, 7, "r", "{\"text\":\"\\\"seq\\\":5\"}".getBytes(UTF_8));

        assertThat(EventScan.seq(event)).isEqualTo(1_234);
        assertThat(EventScan.firstSeq(event)).isEqualTo(1_234);
        assertThat(EventScan.is(event, "agent_response_chunk")).isTrue();
        assertThat(EventScan.is(event, "agent_response")).isFalse();
    }

    @Test
    void a_frame_that_stands_for_several_events_tells_both_ends() {
        byte[] frame =
                "{\"type\":\"agent_response_chunk\",\"thread_id\":\"t\",\"seq\":9,\"payload\":{\"text\":\"ab\"},\"first_seq\":7}"
                        .getBytes(UTF_8);

        assertThat(EventScan.firstSeq(frame)).isEqualTo(7);
        assertThat(EventScan.seq(frame)).isEqualTo(9);
    }

    @Test
    void what_is_no_event_has_no_place() {
        assertThat(EventScan.seq("{\"type\":\"error\",\"message\":\"seq\"}".getBytes(UTF_8)))
                .isZero();
        assertThat(EventScan.seq("{\"type\":\"agent_error\",\"payload\":{\"seq\":3,\"first_seq\":3}}".getBytes(UTF_8)))
                .isZero();
    }
}
