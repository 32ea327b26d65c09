package io.handfast.sim.world;

import io.handfast.sim.edge.script.NamedScripts;
import io.handfast.sim.edge.script.Script;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Scripts for edges as a world makes them up, in the language of docs/edges/scripts.md. */
final class EdgeScripts {
    private static final Script TRANSPARENT = Script.transparent();

    /** Their times are minutes; a world lasts one. */
    private static final double PROFILE_TEMPO = 0.05;

    private static final Map<String, Script> NAMED = named();

    private final Dice dice;

    EdgeScripts(Dice dice) {
        this.dice = dice;
    }

    private static Map<String, Script> named() {
        Map<String, Script> scripts = new TreeMap<>();
        NamedScripts.profiles()
                .forEach(name -> scripts.put(name, NamedScripts.named(name).times(PROFILE_TEMPO)));
        NamedScripts.race().forEach(name -> scripts.put(name, NamedScripts.named(name)));
        return scripts;
    }

    static Script transparent() {
        return TRANSPARENT;
    }

    /** A script for one connection. */
    Script draw() {
        if (dice.chance(25)) {
            List<String> names = new ArrayList<>(NAMED.keySet());
            return NAMED.getOrDefault(dice.pick(names), TRANSPARENT);
        }
        int rules = dice.between(1, 3);
        List<String> lines = new ArrayList<>();
        for (int i = 0; i < rules; i++) {
            lines.add(trigger());
        }
        return Script.parse("drawn", String.join("\n", lines));
    }

    private String side() {
        return dice.of("client", "server");
    }

    private String sides() {
        return dice.of("client", "server", "both");
    }

    /** The first frames are where a connection begins; later ones are somewhere in its life. */
    private int number() {
        return dice.chance(60) ? dice.between(1, 4) : dice.between(5, 40);
    }

    private String kind() {
        return dice.of("", "text ", "ping ", "pong ", "data ");
    }

    private String trigger() {
        String frame = "frame " + number() + (dice.chance(15) ? ".." : "") + " " + kind() + "from " + side();
        return switch (dice.below(8)) {
            case 0 -> "always: " + anywhere();
            case 1 -> "on 101: " + onUnit();
            case 2, 3 -> "on " + frame + ": " + onUnit();
            case 4, 5 -> "after " + frame + ": " + anywhere();
            case 6 -> "after " + dice.between(1, 6_000) + "ms: " + anywhere();
            default ->
                dice.chance(30)
                        ? "on fin from " + side() + ": " + dice.of("drop", anywhere())
                        : "after " + dice.between(100, 20_000) + " bytes from " + side() + ": " + anywhere();
        };
    }

    private String onUnit() {
        return switch (dice.below(6)) {
            case 0, 1 -> "drop";
            case 2 -> "coalesce " + dice.between(1, 5) + " frames";
            default -> anywhere();
        };
    }

    private String anywhere() {
        return switch (dice.below(16)) {
            case 0, 1, 2 ->
                "hold " + sides() + " until " + dice.of("50ms..150ms", "700ms", "3s", "8s", "forever", "barrier b")
                        + " early " + dice.of("buffer", "drop", "rst");
            case 3 -> "delay " + sides() + " " + dice.of("1ms..20ms", "100ms..200ms", "1s..2s");
            case 4 ->
                "dribble " + side() + " " + dice.between(1, 40) + " bytes every " + dice.of("100us", "5ms") + " for "
                        + dice.between(10, 2_000) + " bytes";
            case 5 -> "blackhole " + sides();
            case 6, 7 ->
                "stop-read " + side() + dice.of(" until 200ms..900ms", " until 2500ms", " until 5s", " until 20s");
            case 8 -> dice.of("fin", "fin client", "fin server");
            case 9, 10 -> dice.of("rst", "rst client", "rst server");
            case 11 ->
                "idle-kill " + dice.of("900ms", "3s") + " counting " + dice.of("bytes", "data") + " by "
                        + dice.of("fin", "rst", "blackhole", "close 1001");
            case 12 ->
                "lifetime-kill " + dice.of("300ms", "2s", "6s") + " by "
                        + dice.of("fin", "rst", "blackhole", "close 1001", "close 1012");
            case 13 -> dice.of("answer-pings ", "eat-pings ", "eat-pongs ") + sides();
            case 14 -> "inject close " + dice.of(1000, 1001, 1006 + 5, 1013, 4000) + " to client";
            default -> "sigterm a kill " + dice.of("500ms", "10s");
        };
    }
}
