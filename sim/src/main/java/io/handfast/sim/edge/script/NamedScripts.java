package io.handfast.sim.edge.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The scripts that come along: profiles of real edges (docs/edges/profiles.md), and the edges of the race. */
public final class NamedScripts {
    private static final List<String> PROFILES = List.of(
            "cloud-run",
            "google-lb",
            "nginx",
            "haproxy",
            "envoy",
            "aws-alb",
            "api-gateway",
            "cloudflare",
            "front-door",
            "mobile");

    private static final List<String> RACE = List.of(
            "race-at-once",
            "race-coalesced",
            "race-dribbled",
            "race-held-drop",
            "race-held-buffer",
            "race-held-rst",
            "race-held-500ms",
            "race-held-forever",
            "race-lifetime",
            "race-rtt-0",
            "race-rtt-20",
            "race-rtt-80",
            "race-rtt-200");

    private NamedScripts() {}

    /** Named after reality. */
    public static List<String> profiles() {
        return PROFILES;
    }

    /** The edges against which strategies of readiness are measured. */
    public static List<String> race() {
        return RACE;
    }

    /**
     * The script of this name.
     *
     * @param parameters values for its {@code param} lines, by name
     * @throws ScriptException when there is none, or a parameter does not fit; the message says what there is
     */
    public static Script named(String name, Map<String, String> parameters) {
        return Script.parse(name, text(name), parameters);
    }

    /** The script of this name, with its own values. */
    public static Script named(String name) {
        return named(name, Map.of());
    }

    /**
     * The text of a script, to read or to copy.
     *
     * @throws ScriptException when there is none of this name
     */
    public static String text(String name) {
        String folder = PROFILES.contains(name) ? "profiles" : "race";
        if (!PROFILES.contains(name) && !RACE.contains(name)) {
            List<String> all = new ArrayList<>(PROFILES);
            all.addAll(RACE);
            throw new ScriptException(
                    List.of("there is no script '" + name + "'; there are: " + String.join(", ", all)));
        }
        String resource = "/io/handfast/sim/edge/" + folder + "/" + name + ".edge";
        try (InputStream in = NamedScripts.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the script " + resource + " is missing in this build");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
