package io.handfast.server.agui;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.handfast.netty.http.RefusedException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What a {@code RunAgentInput} comes to. */
class AskedRunTest {
    @Test
    void an_answer_to_what_was_asked_is_one_message_however_long_the_id_of_its_run_is() throws Exception {
        String longest = "r".repeat(128);
        String messageId = resumed(longest).message().messageId();
        assertThat(resumed(longest).message().messageId()).isEqualTo(messageId);
        assertThat(resumed("r".repeat(127)).message().messageId()).isNotEqualTo(messageId);
        assertThat(resumed(longest).runId()).isEqualTo(longest);
    }

    private static AskedRun resumed(String runId) throws RefusedException {
        return AskedRun.of(
                "echo", Map.of("threadId", "t", "runId", runId, "resume", List.of(Map.of("interruptId", "i"))));
    }

    @Test
    void an_id_is_missing_or_wrong() {
        assertThatThrownBy(() -> AskedRun.of("echo", Map.of("threadId", "t")))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.problem().detail())
                                .startsWith("runId is missing; it must be 1 to 128 of"));
        assertThatThrownBy(() -> AskedRun.of("echo", Map.of("threadId", "t", "runId", "no id")))
                .isInstanceOfSatisfying(
                        RefusedException.class,
                        refused -> assertThat(refused.problem().detail()).startsWith("runId must be 1 to 128 of"));
    }
}
