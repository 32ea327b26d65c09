package io.handfast.agents.model;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.StreamingChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.langchain4j.model.output.FinishReason;
import io.handfast.agent.Agent;
import io.handfast.agent.AgentEvents;
import io.handfast.agent.AgentFailure;
import io.handfast.agent.AgentRequest;
import io.handfast.agents.upstream.RunSlots;
import io.handfast.agents.upstream.Secrets;
import io.handfast.agents.upstream.Upstream;
import io.handfast.agents.upstream.UpstreamFailures;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A chat model that answers, with tools if it has any (docs/agents-models.md). The rounds of tools are made here and not by
 * LangChain4j's services, so that every call is an event at the moment it happens, on the thread of the run.
 */
public final class ModelAgent implements Agent {
    private final ModelConfig config;
    private final UpstreamFailures failures;
    private final StreamingChatModel model;
    private final ToolBox tools;
    private final RunSlots slots;

    private ModelAgent(ModelConfig config, UpstreamFailures failures, StreamingChatModel model, ToolBox tools) {
        this.config = config;
        this.failures = failures;
        this.model = model;
        this.tools = tools;
        this.slots = new RunSlots(config.limits(), config.name());
    }

    /**
     * Makes the agent; nothing is connected yet.
     *
     * @param environment where the reference to the key is looked up
     * @param tools objects whose methods carry LangChain4j's {@code @Tool}
     * @throws IllegalArgumentException when the key refers to a variable that is not set, or a tool is none
     */
    public static ModelAgent create(ModelConfig config, Map<String, String> environment, List<Object> tools) {
        UpstreamFailures failures = new UpstreamFailures(config.name());
        Upstream upstream = Upstream.of(config.limits().timeouts(), failures);
        OpenAiStreamingChatModel.OpenAiStreamingChatModelBuilder builder = OpenAiStreamingChatModel.builder()
                .httpClientBuilder(new CallerThreadHttp.Builder(new CallerThreadHttp(upstream, failures)))
                .baseUrl(config.baseUrl().toString())
                .modelName(config.model())
                .returnThinking(true);
        if (config.apiKey() != null) {
            builder.apiKey(Secrets.resolve("agent " + config.name() + ": api-key", config.apiKey(), environment));
        }
        if (config.temperature() != null) {
            builder.temperature(config.temperature());
        }
        if (config.maxOutputTokens() != null) {
            builder.maxCompletionTokens(config.maxOutputTokens());
        }
        return new ModelAgent(config, failures, builder.build(), new ToolBox(tools));
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public String description() {
        return config.description();
    }

    @Override
    public Optional<Duration> deadline() {
        return config.limits().ownDeadline();
    }

    @Override
    public void run(AgentRequest request, AgentEvents events) throws AgentFailure, InterruptedException {
        slots.take();
        try {
            answer(request, events);
        } finally {
            slots.give();
        }
    }

    private void answer(AgentRequest request, AgentEvents events) throws AgentFailure, InterruptedException {
        List<ChatMessage> messages = messages(request);
        ModelUsage usage = new ModelUsage();
        ToolCallIds ids = new ToolCallIds();
        boolean answered = false;
        for (int round = 0; ; round++) {
            ModelTurn turn = new ModelTurn(events, failures, answered);
            ChatResponse response = ask(messages, turn);
            answered = turn.answered();
            usage.add(response);
            AiMessage said = response.aiMessage();
            if (!said.hasToolExecutionRequests()) {
                finish(response, usage, events);
                return;
            }
            if (round == config.maxToolRounds()) {
                throw new AgentFailure(
                        "agent_failed",
                        "agent " + name() + ": asked for tools more than " + config.maxToolRounds()
                                + " times without an answer",
                        false);
            }
            messages.add(said);
            for (ToolExecutionRequest call : said.toolExecutionRequests()) {
                messages.add(called(call, ids, request, events));
            }
        }
    }

    private ChatResponse ask(List<ChatMessage> messages, ModelTurn turn) throws AgentFailure, InterruptedException {
        model.chat(
                ChatRequest.builder()
                        .messages(messages)
                        .toolSpecifications(tools.specifications())
                        .build(),
                turn);
        return turn.response();
    }

    private List<ChatMessage> messages(AgentRequest request) {
        List<ChatMessage> messages = new ArrayList<>();
        if (config.systemPrompt() != null) {
            messages.add(SystemMessage.from(config.systemPrompt()));
        }
        List<AgentRequest.Turn> history = request.history();
        for (AgentRequest.Turn turn :
                history.subList(Math.max(0, history.size() - config.historyTurnsMax()), history.size())) {
            if (!turn.text().isBlank()) { // models refuse empty messages
                messages.add(
                        switch (turn.role()) {
                            case USER -> UserMessage.from(turn.text());
                            case AGENT -> AiMessage.from(turn.text());
                        });
            }
        }
        messages.add(UserMessage.from(request.text().isBlank() ? "…" : request.text()));
        return messages;
    }

    private ToolExecutionResultMessage called(
            ToolExecutionRequest call, ToolCallIds ids, AgentRequest request, AgentEvents events)
            throws InterruptedException {
        String id = ids.next(call.id());
        events.toolExecuting(id, call.name(), ToolCallIds.arguments(call.arguments()));
        ToolBox.Result result = tools.call(call, request.threadId());
        events.toolCompleted(id, result.ok() ? AgentEvents.ToolStatus.OK : AgentEvents.ToolStatus.ERROR, result.text());
        return ToolExecutionResultMessage.from(call, result.ok() ? result.text() : "Error: " + result.text());
    }

    private static void finish(ChatResponse response, ModelUsage usage, AgentEvents events) {
        if (response.finishReason() == FinishReason.LENGTH) {
            events.custom("finish_reason", "length"); // complete for the service, cut for the reader
        }
        Map<String, Object> counted = usage.counts();
        if (!counted.isEmpty()) {
            events.usage(counted);
        }
    }
}
