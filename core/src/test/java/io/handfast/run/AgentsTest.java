package io.handfast.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.handfast.agent.Agent;
import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

class AgentsTest {
    private static final Agent ECHO = RunWorld.agent("echo");
    private static final Agent DOCS = RunWorld.agent("docs");

    @Test
    void the_first_agent_is_the_default() {
        Agents agents = new Agents(List.of(ECHO, DOCS));
        assertThat(agents.find(null)).isEqualTo(Outcome.done(new Agents.Named("echo", ECHO)));
        assertThat(agents.find("docs")).isEqualTo(Outcome.done(new Agents.Named("docs", DOCS)));
        assertThat(agents.all()).containsExactly(ECHO, DOCS);
    }

    @Test
    void an_unknown_name_is_refused_with_those_that_exist() {
        Outcome.Refused<?> refused = (Outcome.Refused<?>) new Agents(List.of(ECHO, DOCS)).find("Echo");
        assertThat(refused.code()).isEqualTo(ErrorCode.UNKNOWN_AGENT);
        assertThat(refused.message()).isEqualTo("agent 'Echo' does not exist; there are: echo, docs");
    }

    @Test
    void without_agents_every_name_is_unknown() {
        Outcome.Refused<?> refused = (Outcome.Refused<?>) new Agents(List.of()).find(null);
        assertThat(refused.code()).isEqualTo(ErrorCode.UNKNOWN_AGENT);
    }

    @Test
    void a_name_that_is_no_id_or_comes_twice_is_refused_at_construction() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Agents(List.of(RunWorld.agent("my agent"))))
                .withMessageContaining("my agent");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Agents(List.of(ECHO, RunWorld.agent("echo"))))
                .withMessageContaining("echo");
    }
}
