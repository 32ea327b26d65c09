package io.handfast.agents.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.agent.Agent;
import io.handfast.agent.AgentCancelled;
import io.handfast.agent.AgentEvents;
import io.handfast.agent.AgentFailure;
import io.handfast.agent.AgentRequest;
import io.handfast.protocol.Ids;
import io.handfast.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Records what an agent emits, one line for each event, and fails when that is not a legal run. */
public final class EventRecorder implements AgentEvents {
    private final List<String> lines = Collections.synchronizedList(new ArrayList<>());
    private final Map<String, String> openTools = new HashMap<>();
    private final Set<String> toolCallIds = new HashSet<>();
    private final StringBuilder answer = new StringBuilder();
    private final CountDownLatch first = new CountDownLatch(1);
    private @Nullable Map<String, ?> usage;
    private List<? extends Map<String, ?>> pending = List.of();
    private boolean over;

    /** Runs the agent to its end, and records how it ended as the last line. */
    public List<String> run(Agent agent, AgentRequest request) {
        try {
            agent.run(request, this);
            end("completed");
        } catch (AgentFailure e) {
            assertThat(e.code()).isIn("agent_failed", "upstream_error", "upstream_truncated");
            assertThat(e.getMessage()).isNotBlank();
            end("error " + e.code() + (e.retryable() ? " retryable: " : ": ") + e.getMessage());
        } catch (AgentCancelled e) {
            end("cancelled by " + e.by());
        } catch (InterruptedException e) {
            end("interrupted");
        } catch (RunEndedException e) {
            end("ended");
        } catch (Exception e) {
            throw new AssertionError("an agent must fail with AgentFailure", e);
        }
        return lines();
    }

    public List<String> lines() {
        return List.copyOf(lines);
    }

    public String last() {
        return lines.get(lines.size() - 1);
    }

    public String answer() {
        return answer.toString();
    }

    public @Nullable Map<String, ?> usage() {
        return usage;
    }

    public List<? extends Map<String, ?>> pending() {
        return pending;
    }

    public void awaitFirst() throws InterruptedException {
        assertThat(first.await(FakeUpstream.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    private void end(String line) {
        add(line);
        over = true;
    }

    private void add(String line) {
        assertThat(over).as("nothing follows the end: %s", line).isFalse();
        lines.add(line);
        first.countDown();
    }

    private static String json(@Nullable Object value) {
        return new String(Json.write(value), StandardCharsets.UTF_8);
    }

    @Override
    public void thinking(String text) {
        add("thinking " + text);
    }

    @Override
    public void toolExecuting(String toolCallId, String toolName, Map<String, ?> arguments) {
        assertThat(Ids.valid(toolCallId)).as("tool_call_id %s", toolCallId).isTrue();
        assertThat(toolCallIds.add(toolCallId)).as("%s is new", toolCallId).isTrue();
        openTools.put(toolCallId, toolName);
        add("tool " + toolCallId + " " + toolName + " " + json(arguments));
    }

    @Override
    public void toolCompleted(String toolCallId, ToolStatus status, @Nullable Object result) {
        assertThat(openTools.remove(toolCallId)).as("%s is open", toolCallId).isNotNull();
        add("tool " + toolCallId + " " + status + " " + json(result));
    }

    @Override
    public void chunk(String text) {
        assertThat(text).isNotEmpty();
        answer.append(text);
        add("chunk " + text);
    }

    @Override
    public void custom(String name, @Nullable Object value) {
        add("custom " + name + " " + json(value));
    }

    @Override
    public void usage(Map<String, ?> reported) {
        usage = reported;
        json(reported);
    }

    @Override
    public void pending(List<? extends Map<String, ?>> reported) {
        pending = reported;
        json(reported);
    }
}
