package io.handfast.server.agui;

import io.handfast.netty.http.Problem;
import io.handfast.netty.http.RefusedException;
import io.handfast.protocol.ClientFrame;
import io.handfast.protocol.ClientFrames;
import io.handfast.protocol.Ids;
import io.handfast.protocol.Outcome;
import io.handfast.run.Conversations.UserMessage;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A {@code RunAgentInput} as a message of its user (docs/agui.md). What the client tells of earlier messages is not looked at:
 * the thread has its own history.
 *
 * @param runId as the client made it
 */
record AskedRun(String threadId, String runId, UserMessage message) {
    private static final String RESUME = "resume";

    /**
     * Reads an input.
     *
     * @param agent the name in the path
     * @param input as {@link io.handfast.protocol.Json#read} makes it
     * @throws RefusedException 400 that names the field
     */
    static AskedRun of(String agent, Map<String, @Nullable Object> input) throws RefusedException {
        String threadId = id("threadId", input.get("threadId"));
        String runId = id("runId", input.get("runId"));
        List<?> messages = array(input, "messages");
        List<?> resume = array(input, RESUME);
        Map<String, @Nullable Object> options = options(input, resume);
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("thread_id", threadId);
        fields.put("agent", agent);
        if (!resume.isEmpty()) {
            // Of one length, whatever that of the run's id is.
            UUID named = UUID.nameUUIDFromBytes(runId.getBytes(StandardCharsets.UTF_8));
            fields.put("message_id", RESUME + ":" + named);
            fields.put("text", "");
        } else {
            said(messages, fields, options);
        }
        fields.put("options", options);
        Outcome<ClientFrame.UserMessage> checked = ClientFrames.userMessage(fields);
        if (checked instanceof Outcome.Refused<ClientFrame.UserMessage> refused) {
            throw new RefusedException(Problem.ofFields(refused));
        }
        ClientFrame.UserMessage frame = ((Outcome.Done<ClientFrame.UserMessage>) checked).value();
        return new AskedRun(
                threadId,
                runId,
                new UserMessage(threadId, frame.messageId(), frame.text(), agent, frame.options(), runId));
    }

    private static String id(String field, @Nullable Object value) throws RefusedException {
        if (value instanceof String id && Ids.valid(id)) {
            return id;
        }
        throw invalid(field, (value == null ? "is missing; it must be " : "must be ") + Ids.ALLOWED);
    }

    private static List<?> array(Map<String, @Nullable Object> input, String field) throws RefusedException {
        Object value = input.get(field);
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> list) {
            return list;
        }
        throw invalid(field, "must be an array");
    }

    /** What an agent behind AG-UI is sent again as it came (docs/agents-http.md), and any other finds among its options. */
    private static Map<String, @Nullable Object> options(Map<String, @Nullable Object> input, List<?> resume)
            throws RefusedException {
        Map<String, @Nullable Object> options = new LinkedHashMap<>();
        Object forwarded = input.get("forwardedProps");
        if (forwarded instanceof Map<?, ?> props) {
            props.forEach((name, value) -> options.put(String.valueOf(name), value));
        } else if (forwarded != null) {
            options.put("forwardedProps", forwarded);
        }
        for (String field : List.of("tools", "context")) {
            List<?> list = array(input, field);
            if (!list.isEmpty()) {
                options.put(field, list);
            }
        }
        Object state = input.get("state");
        if (state != null && !Map.of().equals(state)) {
            options.put("state", state);
        }
        if (!resume.isEmpty()) {
            options.put(RESUME, resume);
        }
        return options;
    }

    /** The last message of the user, or the results of tools that stand at the end. */
    private static void said(
            List<?> messages, Map<String, @Nullable Object> fields, Map<String, @Nullable Object> options)
            throws RefusedException {
        int last = messages.size() - 1;
        if (last >= 0 && role(messages, last).equals("tool")) {
            Map<String, Object> results = new LinkedHashMap<>();
            for (int i = last; i >= 0 && role(messages, i).equals("tool"); i--) {
                Map<?, ?> result = message(messages, i);
                if (!(result.get("toolCallId") instanceof String toolCallId)) {
                    throw invalid("messages[" + i + "].toolCallId", "must be a string");
                }
                results.put(toolCallId, text(result.get("content"), i));
            }
            options.put("tool_results", results);
            fields.put(
                    "message_id",
                    id("messages[" + last + "].id", message(messages, last).get("id")));
            fields.put("text", "");
            return;
        }
        for (int i = last; i >= 0; i--) {
            if (role(messages, i).equals("user")) {
                fields.put(
                        "message_id",
                        id("messages[" + i + "].id", message(messages, i).get("id")));
                fields.put("text", text(message(messages, i).get("content"), i));
                return;
            }
        }
        throw invalid("messages", "must hold a message of the role user, or end with one of the role tool");
    }

    private static Map<?, ?> message(List<?> messages, int index) throws RefusedException {
        if (messages.get(index) instanceof Map<?, ?> message) {
            return message;
        }
        throw invalid("messages[" + index + "]", "must be an object");
    }

    private static String role(List<?> messages, int index) throws RefusedException {
        if (message(messages, index).get("role") instanceof String role) {
            return role;
        }
        throw invalid("messages[" + index + "].role", "must be a string");
    }

    private static String text(@Nullable Object content, int index) throws RefusedException {
        if (content instanceof String text) {
            return text;
        }
        String field = "messages[" + index + "].content";
        if (!(content instanceof List<?> parts)) {
            throw invalid(field, "must be a string, or an array of parts");
        }
        StringBuilder text = new StringBuilder();
        for (Object part : parts) {
            if (!(part instanceof Map<?, ?> object)
                    || !"text".equals(object.get("type"))
                    || !(object.get("text") instanceof String piece)) {
                throw invalid(field, "may have parts of the type text only, each with a text");
            }
            text.append(piece);
        }
        return text.toString();
    }

    private static RefusedException invalid(String field, String allowed) {
        return new RefusedException(Problem.invalidField(field, field + " " + allowed));
    }
}
