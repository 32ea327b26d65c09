package io.handfast.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PublishBodiesTest {
    @Test
    void a_text_that_is_none_is_told_the_bound_of_the_batch() {
        Outcome<?> outcome =
                PublishBodies.draft(3, Map.of("type", "agent_response_chunk", "payload", Map.of("text", 7L)));
        assertThat(outcome)
                .isEqualTo(Outcome.refused(
                        ErrorCode.INVALID_FIELD, "events[3].payload.text must be a string; a batch has at most 1 MiB"));
    }
}
