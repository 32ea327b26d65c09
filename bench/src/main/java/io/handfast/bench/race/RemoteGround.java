package io.handfast.bench.race;

import io.handfast.bench.client.Identity;
import io.handfast.protocol.Json;
import io.handfast.readiness.ReadinessPolicy.Strategy;
import io.handfast.server.config.Policies;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * A server that is there already. Its strategy is changed for new connections by {@code PUT /admin/v1/readiness}, where it has that;
 * else only the one in force can be raced. Closing puts the first one back.
 */
public final class RemoteGround implements Ground {
    private final Calls calls;
    private final Identity admin;
    private final String before;
    private final boolean changeable;
    private String inForce;

    private RemoteGround(Calls calls, Identity admin, String inForce, boolean changeable) {
        this.calls = calls;
        this.admin = admin;
        this.before = inForce;
        this.inForce = inForce;
        this.changeable = changeable;
    }

    /**
     * Asks the server what is in force.
     *
     * @param admin whose token has the scope {@code admin}, where tokens are asked for
     * @throws IOException when it does not say
     */
    public static RemoteGround at(Calls calls, Identity admin) throws IOException, InterruptedException {
        Calls.Answer policy = calls.get("/admin/v1/readiness", admin);
        if (policy.status() == 200) {
            return new RemoteGround(calls, admin, strategy(policy), true);
        }
        Calls.Answer status = calls.get("/status", admin);
        if (status.status() != 200) {
            throw new IOException("the server does not say which strategy is in force: /admin/v1/readiness answers "
                    + policy.status() + ", /status " + status.status());
        }
        return new RemoteGround(calls, admin, strategy(status), false);
    }

    private static String strategy(Calls.Answer answer) throws IOException {
        if (answer.json().get("strategy") instanceof String strategy) {
            return strategy;
        }
        throw new IOException("no strategy in " + answer.json());
    }

    @Override
    public Optional<Arena> enter(Strategy strategy, Map<String, String> settings)
            throws IOException, InterruptedException {
        String wanted = Policies.name(strategy);
        if (!settings.isEmpty() || (!wanted.equals(inForce) && !changeable)) {
            return Optional.empty();
        }
        set(wanted);
        return Optional.of(new Arena(calls.endpoint().address()));
    }

    private void set(String wanted) throws IOException, InterruptedException {
        if (wanted.equals(inForce)) {
            return;
        }
        Calls.Answer answer = calls.send("PUT", "/admin/v1/readiness", admin, Json.write(Map.of("strategy", wanted)));
        if (answer.status() / 100 != 2) {
            throw new IOException(
                    "the strategy cannot be set to " + wanted + ": " + answer.status() + " " + answer.body());
        }
        inForce = wanted;
    }

    @Override
    public String about() {
        return calls.endpoint() + (changeable ? "" : ", which has only the strategy " + inForce);
    }

    @Override
    public void close() throws IOException {
        try {
            set(before);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted: the strategy of " + calls.endpoint() + " may still be " + inForce, e);
        }
    }
}
