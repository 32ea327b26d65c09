package io.handfast.agents.agui;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The text messages, tool calls and pieces of reasoning that were begun and not ended, in the order of their beginning. */
public final class OpenItems {
    private final Map<String, AguiEvent> openers = new LinkedHashMap<>();

    /** The next event that was told. */
    public void take(AguiEvent event) {
        AguiType type = event.type();
        if (type == null) {
            return;
        }
        switch (type) {
            case TEXT_MESSAGE_START -> openers.put("message " + event.required("messageId"), event);
            case TEXT_MESSAGE_END -> openers.remove("message " + event.required("messageId"));
            case TOOL_CALL_START -> openers.put("call " + event.required("toolCallId"), event);
            case TOOL_CALL_END -> openers.remove("call " + event.required("toolCallId"));
            case REASONING_START -> openers.put("reasoning " + event.required("messageId"), event);
            case REASONING_END -> openers.remove("reasoning " + event.required("messageId"));
            case REASONING_MESSAGE_START -> openers.put("thought " + event.required("messageId"), event);
            case REASONING_MESSAGE_END -> openers.remove("thought " + event.required("messageId"));
            default -> {}
        }
    }

    /** The events that begin them. */
    public List<AguiEvent> openers() {
        return new ArrayList<>(openers.values());
    }
}
