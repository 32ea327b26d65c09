package io.handfast.bench.race;

import io.handfast.bench.client.Identity;
import io.handfast.protocol.Json;
import io.handfast.readiness.Profile;
import io.handfast.readiness.ReadinessPolicy.Strategy;
import io.handfast.readiness.ReadinessPolicy.TimedStages;
import io.handfast.server.config.Policies;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A server that is there already. Its strategy is changed for new connections by {@code PUT /admin/v1/readiness}, where it has that;
 * else only the one in force can be raced. Closing puts the first one back, and tries so again each time until it has succeeded once;
 * any thread may close, also while another is in a call.
 */
public final class RemoteGround implements Ground {
    private static final String PATH = "/admin/v1/readiness";
    private static final String STRATEGY = "strategy";
    private static final int BAD_REQUEST = 400;

    private final Calls calls;
    private final Identity admin;
    private final Map<String, @Nullable Object> before;
    private final boolean changeable;
    private final Optional<Profile> profile;
    private boolean closed;
    private boolean back;

    private RemoteGround(
            Calls calls,
            Identity admin,
            Map<String, @Nullable Object> before,
            boolean changeable,
            Optional<Profile> profile) {
        this.calls = calls;
        this.admin = admin;
        this.before = before;
        this.changeable = changeable;
        this.back = !changeable;
        this.profile = profile;
    }

    /**
     * Asks the server what is in force.
     *
     * @param admin whose token has the scopes {@code chat} and {@code admin}, where tokens are asked for
     * @throws IOException when it does not say
     */
    public static RemoteGround at(Calls calls, Identity admin) throws IOException, InterruptedException {
        Calls.Answer policy = calls.get(PATH, admin);
        Calls.Answer status = calls.get("/status", admin);
        if (status.status() != 200) {
            throw new IOException("the server does not say which strategy is in force: " + PATH + " answers "
                    + policy.status() + ", /status " + status.status());
        }
        Optional<Profile> profile = Arrays.stream(Profile.values())
                .filter(one -> one.wireName().equals(status.json().get("profile")))
                .findFirst();
        if (policy.status() == 200) {
            return new RemoteGround(calls, admin, policy.json(), true, profile);
        }
        Object strategy = status.json().get(STRATEGY);
        if (strategy == null) {
            throw new IOException("no " + STRATEGY + " in " + status.json());
        }
        return new RemoteGround(calls, admin, Map.of(STRATEGY, strategy), false, profile);
    }

    @Override
    public synchronized Admission enter(Strategy strategy, Map<String, String> settings)
            throws IOException, InterruptedException {
        if (closed) {
            throw new IOException("the race is over at " + calls.endpoint());
        }
        Map<String, @Nullable Object> wanted = new TreeMap<>(before);
        wanted.put(STRATEGY, Policies.name(strategy));
        settings.forEach(
                (name, value) -> wanted.put(field(name), value.matches("[0-9]+") ? Long.valueOf(value) : value));
        if (!changeable) {
            return wanted.equals(before)
                    ? Admission.to(calls.endpoint().address())
                    : Admission.refused("the server has no " + PATH + ", and only the policy in force, of the strategy "
                            + before.get(STRATEGY));
        }
        Calls.Answer answer = put(wanted);
        if (answer.status() == BAD_REQUEST) {
            return Admission.refused("the server does not take " + text(wanted) + ": " + answer.complaint());
        }
        if (!answer.succeeded()) {
            throw refused(wanted, answer);
        }
        return Admission.to(calls.endpoint().address());
    }

    /** The field of the policy that is this setting. */
    private static String field(String setting) {
        return setting.replaceFirst("^readiness\\.", "").replace('-', '_');
    }

    private Calls.Answer put(Map<String, @Nullable Object> policy) throws IOException, InterruptedException {
        return calls.send("PUT", PATH, admin, Json.write(policy));
    }

    private static IOException refused(Map<String, @Nullable Object> policy, Calls.Answer answer) {
        return new IOException(
                "the server does not take " + text(policy) + ": " + answer.status() + " " + answer.complaint());
    }

    private static String text(Map<String, @Nullable Object> policy) {
        return new String(Json.write(policy), StandardCharsets.UTF_8);
    }

    @Override
    public String about() {
        return calls.endpoint() + (changeable ? "" : ", which has only the strategy " + before.get(STRATEGY));
    }

    /** The policy before the race as {@code PUT} takes it; empty when none is changed, and so none has to be put back. */
    public Optional<String> policyBefore() {
        return changeable ? Optional.of(text(before)) : Optional.empty();
    }

    @Override
    public Optional<String> remark(Strategy strategy) {
        return strategy == Strategy.TIMED
                ? profile.filter(one -> !one.readiness().timed().equals(TimedStages.full()))
                        .map(one -> "timed has short stages at this server, those of " + one.wireName()
                                + " unless it was told others; the original report's: staging, production, --to self")
                : Optional.empty();
    }

    /** Whether the server has the policy that it had before the race, and keeps it. */
    public synchronized boolean isBack() {
        return back;
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        if (back) {
            return;
        }
        String open = calls.endpoint() + " may not have got its policy back; PUT " + PATH + " takes " + text(before);
        try {
            Calls.Answer answer = put(before);
            if (!answer.succeeded()) {
                throw refused(before, answer);
            }
            back = true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(open + " (interrupted)", e);
        } catch (IOException e) {
            throw new IOException(open + " (" + e.getMessage() + ")", e);
        }
    }
}
