package io.handfast.agents.echo;

import io.handfast.agent.Agent;
import io.handfast.agent.AgentEvents;
import io.handfast.agent.AgentEvents.ToolStatus;
import io.handfast.agent.AgentRequest;
import io.handfast.agents.MessageOptions;
import io.handfast.agents.Words;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;

/**
 * Says what it was told, with every kind of event (spec/protocol.md, "Two agents that are always there"). Options of a
 * message: {@code tool_delay_ms}, {@code chunk_delay_ms}, {@code fail_after_chunks}, {@code hang_after_chunks}.
 */
public final class EchoAgent implements Agent {
    private static final int DELAY_MS_MAX = 60_000;
    private static final String TOOL_CALL_ID = "word-count";

    @Override
    public String name() {
        return "echo";
    }

    @Override
    public String description() {
        return "Says what it is told, word by word; can be slow, fail or hang on request.";
    }

    @Override
    public void run(AgentRequest request, AgentEvents events) throws InterruptedException {
        MessageOptions options = new MessageOptions(request.options());
        int delayMs = options.number("chunk_delay_ms", DELAY_MS_MAX).orElse(0);
        int toolMs = options.number("tool_delay_ms", DELAY_MS_MAX).orElse(0);
        OptionalInt failAfter = options.number("fail_after_chunks", Integer.MAX_VALUE);
        OptionalInt hangAfter = options.number("hang_after_chunks", Integer.MAX_VALUE);
        String text = request.text();

        events.thinking("Counting the words, then saying them again.");
        events.toolExecuting(TOOL_CALL_ID, "word_count", Map.of("text", text));
        if (toolMs > 0) {
            Thread.sleep(toolMs);
        }
        events.toolCompleted(TOOL_CALL_ID, ToolStatus.OK, Words.count(text));
        int chunks = 0;
        stopIfAsked(chunks, failAfter, hangAfter);
        for (String piece : Words.pieces(text)) {
            if (delayMs > 0) {
                Thread.sleep(delayMs);
            }
            events.chunk(piece);
            chunks++;
            stopIfAsked(chunks, failAfter, hangAfter);
        }
    }

    private static void stopIfAsked(int chunks, OptionalInt failAfter, OptionalInt hangAfter)
            throws InterruptedException {
        if (failAfter.isPresent() && failAfter.getAsInt() == chunks) {
            throw new IllegalStateException("failed after " + chunks + " chunks, as fail_after_chunks asked");
        }
        if (hangAfter.isPresent() && hangAfter.getAsInt() == chunks) {
            new CountDownLatch(1).await();
        }
    }
}
