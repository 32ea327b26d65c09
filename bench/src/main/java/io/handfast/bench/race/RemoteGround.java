package io.handfast.bench.race;

import io.handfast.bench.client.Identity;
import io.handfast.protocol.Json;
import io.handfast.readiness.ReadinessPolicy.Strategy;
import io.handfast.server.config.Policies;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A server that is there already. Its strategy is changed for new connections by {@code PUT /admin/v1/readiness}, where it has that;
 * else only the one in force can be raced. Closing puts the first one back.
 */
public final class RemoteGround implements Ground {
    private static final String PATH = "/admin/v1/readiness";
    private static final String STRATEGY = "strategy";

    private final Calls calls;
    private final Identity admin;
    private final Map<String, @Nullable Object> before;
    private final boolean changeable;

    private RemoteGround(Calls calls, Identity admin, Map<String, @Nullable Object> before, boolean changeable) {
        this.calls = calls;
        this.admin = admin;
        this.before = before;
        this.changeable = changeable;
    }

    /**
     * Asks the server what is in force.
     *
     * @param admin whose token has the scope {@code admin}, where tokens are asked for
     * @throws IOException when it does not say
     */
    public static RemoteGround at(Calls calls, Identity admin) throws IOException, InterruptedException {
        Calls.Answer policy = calls.get(PATH, admin);
        if (policy.status() == 200) {
            return new RemoteGround(calls, admin, policy.json(), true);
        }
        Calls.Answer status = calls.get("/status", admin);
        if (status.status() != 200) {
            throw new IOException("the server does not say which strategy is in force: " + PATH + " answers "
                    + policy.status() + ", /status " + status.status());
        }
        Object strategy = status.json().get(STRATEGY);
        if (strategy == null) {
            throw new IOException("no " + STRATEGY + " in " + status.json());
        }
        return new RemoteGround(calls, admin, Map.of(STRATEGY, strategy), false);
    }

    @Override
    public Optional<Arena> enter(Strategy strategy, Map<String, String> settings)
            throws IOException, InterruptedException {
        Map<String, @Nullable Object> wanted = new TreeMap<>(before);
        wanted.put(STRATEGY, Policies.name(strategy));
        settings.forEach(
                (name, value) -> wanted.put(field(name), value.matches("[0-9]+") ? Long.valueOf(value) : value));
        if (!wanted.keySet().equals(before.keySet()) || (!changeable && !wanted.equals(before))) {
            return Optional.empty();
        }
        set(wanted);
        return Optional.of(new Arena(calls.endpoint().address()));
    }

    /** The field of the policy that is this setting. */
    private static String field(String setting) {
        return setting.replaceFirst("^readiness\\.", "").replace('-', '_');
    }

    private void set(Map<String, @Nullable Object> policy) throws IOException, InterruptedException {
        if (!changeable) {
            return;
        }
        Calls.Answer answer = calls.send("PUT", PATH, admin, Json.write(policy));
        if (answer.status() / 100 != 2) {
            throw new IOException("the server does not take " + policy + ": " + answer.status() + " " + answer.body());
        }
    }

    @Override
    public String about() {
        return calls.endpoint() + (changeable ? "" : ", which has only the strategy " + before.get(STRATEGY));
    }

    @Override
    public void close() throws IOException {
        try {
            set(before);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted: " + calls.endpoint() + " may not have got " + before + " back", e);
        }
    }
}
