package io.handfast.bench.race;

import io.handfast.sim.edge.script.NamedScripts;
import io.handfast.sim.edge.script.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What stands between the clients and the server in a race, and what is wrong with the clients.
 *
 * @param name for tables
 * @param about for people
 * @param script of the edge
 * @param attachAfter from the 101 until the clients listen
 * @param coalescedLost whether the clients' stack loses what shares a read with the 101
 * @param roundTrip that the edge adds
 * @param settings of the server beyond the strategy, by name without {@code handfast.}; only {@code proof} has any use of them
 * @param answer what the agent says meanwhile
 */
public record Course(
        String name,
        String about,
        Script script,
        Duration attachAfter,
        boolean coalescedLost,
        Duration roundTrip,
        Map<String, String> settings,
        Answer answer) {

    /**
     * The run that each client reads: the agent echo, which has told four events before the first pause.
     *
     * @param words chunks
     * @param pause before each chunk
     */
    public record Answer(int words, Duration pause) {
        /** Over soon after most of the delays here, so that both history and live events meet the edge. */
        static final Answer SHORT = new Answer(5, Duration.ofMillis(60));

        /** Longer than the lifetime in the course of that name. */
        static final Answer LONG = new Answer(40, Duration.ofMillis(50));

        /** Events of such a run with the message before it: message, started, thinking, two of the tool, chunks, completed. */
        int events() {
            return 6 + words;
        }
    }

    public Course {
        settings = Map.copyOf(new TreeMap<>(settings));
    }

    /** All that come along, in the order of the table. */
    public static List<Course> all() {
        return new ArrayList<>(ALL.values());
    }

    private static final Map<String, Course> ALL = new LinkedHashMap<>();

    static {
        add(edge("at-once", "everything passes at once", "race-at-once", Map.of()));
        add(edge("coalesced", "the 101 and the first frame share a read", "race-coalesced", Map.of()));
        add(edge(
                        "coalesced-lost",
                        "the same, and the client loses what shares a read with the 101",
                        "race-coalesced",
                        Map.of())
                .losing());
        add(edge("dribbled", "the 101 and the first frames come byte by byte", "race-dribbled", Map.of()));
        add(edge("held-buffer", "101 held 50 to 150 ms, early frames wait behind it", "race-held-buffer", Map.of()));
        add(edge("held-drop", "101 held 50 to 150 ms, early frames vanish", "race-held-drop", Map.of()));
        add(edge("held-rst", "101 held 50 to 150 ms, an early frame resets the connection", "race-held-rst", Map.of()));
        add(edge("held-rst-settled", "the same, with settle-ms=200", "race-held-rst", Map.of())
                .with(Map.of("readiness.settle-ms", "200")));
        add(edge("held-500ms", "101 held 500 ms, early frames wait behind it", "race-held-500ms", Map.of()));
        add(edge(
                "held-500ms-drop",
                "101 held 500 ms, early frames vanish",
                "race-held-drop",
                Map.of("from", "500ms", "to", "500ms")));
        add(edge("held-forever", "the 101 never comes", "race-held-forever", Map.of()));
        add(edge("held-forever-close", "the same, with unproven=close", "race-held-forever", Map.of())
                .with(Map.of("readiness.unproven", "close")));
        add(edge("late-1ms", "the client's handler is attached 1 ms after the 101", "race-at-once", Map.of())
                .late(1));
        add(edge("late-20ms", "the client's handler is attached 20 ms after the 101", "race-at-once", Map.of())
                .late(20));
        add(edge("late-100ms", "the client's handler is attached 100 ms after the 101", "race-at-once", Map.of())
                .late(100));
        add(edge(
                        "lifetime",
                        "every connection is cut after 0.7 s (in the script 30 s), within an answer of 2 s",
                        "race-lifetime",
                        Map.of("lifetime", "700ms"))
                .answering(Answer.LONG));
        for (int millis : new int[] {0, 20, 80, 200}) {
            add(edge("rtt-" + millis, "a round trip of " + millis + " ms", "race-rtt-" + millis, Map.of())
                    .far(millis));
        }
    }

    private static void add(Course course) {
        ALL.put(course.name, course);
    }

    private static Course edge(String name, String about, String script, Map<String, String> parameters) {
        return of(name, about, NamedScripts.named(script, parameters));
    }

    /** Sound clients behind an edge with a script of one's own. */
    public static Course of(String name, String about, Script script) {
        return new Course(name, about, script, Duration.ZERO, false, Duration.ZERO, Map.of(), Answer.SHORT);
    }

    /**
     * The course of this name.
     *
     * @throws IllegalArgumentException when there is none; the message says which there are
     */
    public static Course named(String name) {
        Course course = ALL.get(name);
        if (course == null) {
            throw new IllegalArgumentException("there is no edge '" + name + "'; there are: all, "
                    + String.join(", ", ALL.keySet()) + ", or a FILE with a script");
        }
        return course;
    }

    private Course losing() {
        return new Course(name, about, script, attachAfter, true, roundTrip, settings, answer);
    }

    private Course late(int millis) {
        return new Course(name, about, script, Duration.ofMillis(millis), coalescedLost, roundTrip, settings, answer);
    }

    private Course far(int millis) {
        return new Course(name, about, script, attachAfter, coalescedLost, Duration.ofMillis(millis), settings, answer);
    }

    private Course with(Map<String, String> other) {
        return new Course(name, about, script, attachAfter, coalescedLost, roundTrip, other, answer);
    }

    private Course answering(Answer other) {
        return new Course(name, about, script, attachAfter, coalescedLost, roundTrip, settings, other);
    }
}
