package io.handfast.agents.agui;

import static io.handfast.agents.agui.AguiField.any;
import static io.handfast.agents.agui.AguiField.array;
import static io.handfast.agents.agui.AguiField.object;
import static io.handfast.agents.agui.AguiField.string;
import static io.handfast.agents.agui.AguiField.stringOrArray;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The events of AG-UI 1.0 and the fields that they must have (https://ag-ui.com/spec/1.0/schema.json), and the
 * {@code THINKING_*} events of 0.x.
 */
@SuppressWarnings("ImmutableEnumChecker") // the list of fields is
public enum AguiType {
    TEXT_MESSAGE_START(string("messageId"), string("role").optional()),
    TEXT_MESSAGE_CONTENT(string("messageId"), string("delta")),
    TEXT_MESSAGE_END(string("messageId")),
    TEXT_MESSAGE_CHUNK(
            string("messageId").optional(),
            string("role").optional(),
            string("delta").optional()),
    TOOL_CALL_START(string("toolCallId"), string("toolCallName")),
    TOOL_CALL_ARGS(string("toolCallId"), string("delta")),
    TOOL_CALL_END(string("toolCallId")),
    TOOL_CALL_CHUNK(
            string("toolCallId").optional(),
            string("toolCallName").optional(),
            string("delta").optional()),
    TOOL_CALL_RESULT(string("messageId"), string("toolCallId"), stringOrArray("content")),
    STATE_SNAPSHOT(any("snapshot")),
    STATE_DELTA(array("delta")),
    MESSAGES_SNAPSHOT(array("messages")),
    ACTIVITY_SNAPSHOT(string("messageId"), string("activityType"), object("content")),
    ACTIVITY_DELTA(string("messageId"), string("activityType"), array("patch")),
    RAW(any("event")),
    CUSTOM(string("name"), any("value")),
    RUN_STARTED(string("threadId"), string("runId"), string("protocolVersion").optional()),
    RUN_FINISHED(string("threadId"), string("runId"), array("usage").optional()),
    RUN_ERROR(string("message"), string("code").optional()),
    STEP_STARTED(string("stepName")),
    STEP_FINISHED(string("stepName")),
    REASONING_START(string("messageId")),
    REASONING_MESSAGE_START(string("messageId")),
    REASONING_MESSAGE_CONTENT(string("messageId"), string("delta")),
    REASONING_MESSAGE_END(string("messageId")),
    REASONING_MESSAGE_CHUNK(string("messageId").optional(), string("delta").optional()),
    REASONING_END(string("messageId")),
    REASONING_ENCRYPTED_VALUE(string("subtype"), string("entityId"), string("encryptedValue")),
    SUBAGENT_STARTED(string("subagentRunId"), string("name")),
    SUBAGENT_FINISHED(string("subagentRunId")),
    SUBAGENT_ERROR(string("subagentRunId"), string("message")),
    THINKING_START(string("title").optional()),
    THINKING_END,
    THINKING_TEXT_MESSAGE_START,
    THINKING_TEXT_MESSAGE_CONTENT(string("delta")),
    THINKING_TEXT_MESSAGE_END;

    private static final Map<String, AguiType> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toUnmodifiableMap(AguiType::name, type -> type));

    private final List<AguiField> fields;

    AguiType(AguiField... fields) {
        this.fields = List.of(fields);
    }

    /** The type with this name on the wire; null when this version does not know it. */
    public static @Nullable AguiType named(String name) {
        return BY_NAME.get(name);
    }

    List<AguiField> fields() {
        return fields;
    }
}
