package io.handfast.server.config;

import io.handfast.protocol.ErrorCode;
import io.handfast.protocol.Outcome;
import io.handfast.readiness.ReadinessPolicy;
import io.handfast.readiness.ReadinessPolicy.Strategy;
import io.handfast.readiness.ReadinessPolicy.Unproven;
import io.handfast.readiness.ReadinessPolicy.ValidationMessage;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A readiness policy as the object that {@code /admin/v1/readiness} shows and takes. What is allowed in a field is what is allowed in
 * its setting; the stages of {@code timed} are those of the settings.
 */
public final class ReadinessFields {
    private static final String STRATEGY = "strategy";
    private static final String UNPROVEN = "unproven";
    private static final String VALIDATION_MESSAGE = "validation_message";
    private static final String SETTLE = "settle_ms";
    private static final String DEADLINE = "deadline_ms";

    private ReadinessFields() {}

    public static Map<String, Object> of(ReadinessPolicy policy) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put(STRATEGY, Values.name(policy.strategy()));
        fields.put(UNPROVEN, Values.name(policy.unproven()));
        fields.put(VALIDATION_MESSAGE, Values.name(policy.validationMessage()));
        fields.put(SETTLE, policy.settle().toMillis());
        fields.put(DEADLINE, policy.deadline().toMillis());
        return fields;
    }

    /** The policy with the fields that are named; refused with the first that is wrong, whose name begins the message. */
    public static Outcome<ReadinessPolicy> changed(
            ReadinessPolicy policy, Map<String, ? extends @Nullable Object> fields) {
        Set<String> known = of(policy).keySet();
        Strategy strategy = policy.strategy();
        Unproven unproven = policy.unproven();
        ValidationMessage message = policy.validationMessage();
        Duration settle = policy.settle();
        Duration deadline = policy.deadline();
        for (Map.Entry<String, ? extends @Nullable Object> field : fields.entrySet()) {
            String name = field.getKey();
            if (!known.contains(name)) {
                return refused(name + " is no field of the policy; allowed: " + String.join(", ", known));
            }
            SettingDescription setting = setting(name);
            String text = text(field.getValue(), setting);
            if (!Values.allowed(setting, text)) {
                String shown =
                        field.getValue() instanceof String ? "'" + field.getValue() + "'" : "" + field.getValue();
                return refused(name + " is " + shown + "; allowed: " + allowed(setting));
            }
            switch (name) {
                case STRATEGY -> strategy = constant(Strategy.class, text);
                case UNPROVEN -> unproven = constant(Unproven.class, text);
                case VALIDATION_MESSAGE -> message = constant(ValidationMessage.class, text);
                case SETTLE -> settle = duration(text);
                default -> deadline = duration(text);
            }
        }
        if (settle.compareTo(deadline) >= 0) {
            return refused(SETTLE + " (" + settle.toMillis() + ") has to be less than " + DEADLINE + " ("
                    + deadline.toMillis() + ")");
        }
        return Outcome.done(new ReadinessPolicy(strategy, unproven, message, settle, deadline, policy.timed()));
    }

    private static SettingDescription setting(String field) {
        String name = switch (field) {
            case VALIDATION_MESSAGE -> "validation-message";
            case SETTLE -> "settle-ms";
            case DEADLINE -> "deadline";
            default -> field;
        };
        return SettingDescription.required("handfast.readiness." + name);
    }

    private static String allowed(SettingDescription setting) {
        return setting.type() == Duration.class
                ? setting.setting().min() + " to " + setting.setting().max() + ", as a number of milliseconds"
                : Values.allowed(setting);
    }

    /** A value as it would stand in the setting; empty, which no setting takes, when it is of another kind. */
    private static String text(@Nullable Object value, SettingDescription setting) {
        if (setting.type() == Duration.class) {
            return value instanceof Long millis ? millis + "ms" : "";
        }
        return value instanceof String text ? text : "";
    }

    private static Duration duration(String text) {
        return Durations.parse(text).orElseThrow(() -> new IllegalArgumentException("checked before: " + text));
    }

    private static <T extends Enum<T>> T constant(Class<T> type, String text) {
        return type.cast(
                Values.constant(type, text).orElseThrow(() -> new IllegalArgumentException("checked before: " + text)));
    }

    private static Outcome<ReadinessPolicy> refused(String message) {
        return Outcome.refused(ErrorCode.INVALID_FIELD, message);
    }
}
