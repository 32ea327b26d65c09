package io.handfast.agents.model;

import io.handfast.protocol.Ids;
import io.handfast.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Ids for the log: the model's own where they are legal and new in this run; some services send none, or the same again. */
final class ToolCallIds {
    private final Set<String> used = new HashSet<>();
    private int made;

    String next(@Nullable String offered) {
        if (offered != null && Ids.valid(offered) && used.add(offered)) {
            return offered;
        }
        String id;
        do {
            made++;
            id = "call-" + made;
        } while (!used.add(id));
        return id;
    }

    /** A call's arguments as an object; what the model wrote, under {@code text}, when they are none. */
    static Map<String, @Nullable Object> arguments(@Nullable String json) {
        Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
        if (json == null || json.isBlank()) {
            return arguments;
        }
        try {
            if (Json.read(json.getBytes(StandardCharsets.UTF_8)) instanceof Map<?, ?> object) {
                object.forEach((name, value) -> arguments.put(String.valueOf(name), value));
                return arguments;
            }
        } catch (Json.MalformedJsonException e) {
            // shown as it came, and answered with an error by the tool
        }
        arguments.put("text", json);
        return arguments;
    }
}
