package io.handfast.agents.docs;

import io.handfast.agent.Agent;
import io.handfast.agent.AgentEvents;
import io.handfast.agent.AgentEvents.ToolStatus;
import io.handfast.agent.AgentRequest;
import io.handfast.agents.MessageOptions;
import io.handfast.agents.Words;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Answers questions about Handfast from its own documentation, offline (spec/protocol.md, "Two agents that are always there").
 * Option of a message: {@code chunk_delay_ms}, the pause before each word. The index is built with the first question.
 */
public final class DocsAgent implements Agent {
    /** A pace at which people can follow. */
    private static final int DELAY_MS = 15;

    private static final int DELAY_MS_MAX = 60_000;
    private static final int HITS_MAX = 10;
    private static final int EXCERPT_CHARS_MAX = 400;

    private final Documents documents;
    private final ReentrantLock building = new ReentrantLock();
    private volatile @Nullable DocsIndex index;

    /** Where markdown comes from, by its path. */
    @FunctionalInterface
    interface Documents {
        Map<String, String> read() throws IOException;
    }

    /** Answers from the documentation that is packaged with this class. */
    public DocsAgent() {
        this(PackagedDocs::read);
    }

    DocsAgent(Documents documents) {
        this.documents = documents;
    }

    @Override
    public String name() {
        return "docs";
    }

    @Override
    public String description() {
        return "Answers questions about Handfast from its documentation, and shows where it looked.";
    }

    @Override
    public void run(AgentRequest request, AgentEvents events) throws IOException, InterruptedException {
        int delayMs = new MessageOptions(request.options())
                .number("chunk_delay_ms", DELAY_MS_MAX)
                .orElse(DELAY_MS);
        DocsIndex docs = index();
        Question question = docs.question(request.text());
        String text = question.empty() ? AnswerText.greeting() : AnswerText.of(look(question, docs, events));
        for (String piece : Words.pieces(text)) {
            if (delayMs > 0) {
                Thread.sleep(delayMs);
            }
            events.chunk(piece);
        }
    }

    private static Answer look(Question question, DocsIndex docs, AgentEvents events) {
        events.thinking("Looking in the documentation for: " + question.keywords());
        events.toolExecuting("search", "search_docs", Map.of("query", question.keywords()));
        List<DocsIndex.Hit> hits = docs.search(question, HITS_MAX);
        events.toolCompleted("search", ToolStatus.OK, shown(hits));
        Answer answer = Answer.of(question, hits, docs.english());
        int reads = 0;
        for (Answer.Excerpt excerpt : answer.excerpts()) {
            String call = "read-" + ++reads;
            Section section = excerpt.section();
            events.toolExecuting(call, "read_section", Map.of("link", section.link()));
            Map<String, Object> result = new LinkedHashMap<>();
            result.put("title", section.fullTitle());
            result.put("text", shortened(section.text()));
            events.toolCompleted(call, ToolStatus.OK, result);
        }
        return answer;
    }

    private static List<Map<String, Object>> shown(List<DocsIndex.Hit> hits) {
        List<Map<String, Object>> shown = new ArrayList<>();
        for (DocsIndex.Hit hit : hits) {
            Map<String, Object> entry = new LinkedHashMap<>();
            entry.put("title", hit.section().fullTitle());
            entry.put("link", hit.section().link());
            entry.put("score", Math.round(hit.score() * 100) / 100.0);
            shown.add(entry);
        }
        return shown;
    }

    private static String shortened(String text) {
        return text.length() <= EXCERPT_CHARS_MAX ? text : text.substring(0, EXCERPT_CHARS_MAX) + "…";
    }

    private DocsIndex index() throws IOException {
        DocsIndex built = index;
        if (built != null) {
            return built;
        }
        building.lock();
        try {
            built = index;
            if (built == null) {
                built = DocsIndex.of(documents.read());
                index = built;
            }
            return built;
        } finally {
            building.unlock();
        }
    }
}
