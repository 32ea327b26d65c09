package io.handfast.agents.agui;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a field of an event must be. Null counts as absent, as 0.x wrote it. */
record AguiField(String name, Kind kind, boolean required) {
    enum Kind {
        STRING("a string"),
        OBJECT("an object"),
        ARRAY("an array"),
        STRING_OR_ARRAY("a string or an array"),
        ANY("any value");

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        private boolean admits(@Nullable Object value) {
            return switch (this) {
                case STRING -> value instanceof String;
                case OBJECT -> value instanceof Map;
                case ARRAY -> value instanceof List;
                case STRING_OR_ARRAY -> value instanceof String || value instanceof List;
                case ANY -> true;
            };
        }
    }

    static AguiField string(String name) {
        return new AguiField(name, Kind.STRING, true);
    }

    static AguiField object(String name) {
        return new AguiField(name, Kind.OBJECT, true);
    }

    static AguiField array(String name) {
        return new AguiField(name, Kind.ARRAY, true);
    }

    static AguiField stringOrArray(String name) {
        return new AguiField(name, Kind.STRING_OR_ARRAY, true);
    }

    static AguiField any(String name) {
        return new AguiField(name, Kind.ANY, true);
    }

    AguiField optional() {
        return new AguiField(name, kind, false);
    }

    void check(String type, Map<String, ?> fields) throws MalformedAguiException {
        Object value = fields.get(name);
        if (value == null && (!required || (kind == Kind.ANY && fields.containsKey(name)))) {
            return;
        }
        if (value == null) {
            throw new MalformedAguiException(type + " without " + name + ": must be " + kind.text);
        }
        if (!kind.admits(value)) {
            throw new MalformedAguiException(type + " with a malformed " + name + ": must be " + kind.text);
        }
    }
}
