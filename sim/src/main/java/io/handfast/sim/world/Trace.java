package io.handfast.sim.world;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What happened, for people: the last lines are kept, and formatted only when somebody wants to read them. A hash over all lines
 * tells whether two runs of a seed were the same.
 */
final class Trace {
    private static final int TEXT_BYTES_MAX = 300;

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Line(long ageNanos, String who, String what, Object[] values) {}

    private final Agenda agenda;
    private final int linesMax;
    private final @Nullable Consumer<String> listener;
    private final ArrayDeque<Line> last = new ArrayDeque<>();
    private long hash = 1;

    /** @param listener takes every line as it comes; null for none */
    Trace(Agenda agenda, int linesMax, @Nullable Consumer<String> listener) {
        this.agenda = agenda;
        this.linesMax = linesMax;
        this.listener = listener;
    }

    /**
     * Notes that something happened.
     *
     * @param what where {@code %s} stands for the values in turn
     * @param values strings, numbers, or bytes of UTF-8
     */
    void line(String who, String what, Object... values) {
        Line line = new Line(agenda.ageNanos(), who, what, values);
        hash = 31 * hash + line.ageNanos();
        hash = 31 * hash + who.hashCode();
        hash = 31 * hash + what.hashCode();
        for (Object value : values) {
            hash = 31 * hash + (value instanceof byte[] bytes ? Arrays.hashCode(bytes) : value.hashCode());
        }
        if (last.size() == linesMax) {
            last.remove();
        }
        last.add(line);
        if (listener != null) {
            listener.accept(format(line));
        }
    }

    long hash() {
        return hash;
    }

    List<String> lastLines() {
        List<String> lines = new ArrayList<>();
        last.forEach(line -> lines.add(format(line)));
        return lines;
    }

    private static String format(Line line) {
        Object[] shown = new Object[line.values().length];
        for (int i = 0; i < shown.length; i++) {
            Object value = line.values()[i];
            shown[i] = value instanceof byte[] bytes ? text(bytes) : value;
        }
        return String.format(Locale.ROOT, "%12.6f  %-10s ", line.ageNanos() / 1e9, line.who())
                + String.format(line.what(), shown);
    }

    private static String text(byte[] bytes) {
        int length = Math.min(bytes.length, TEXT_BYTES_MAX);
        String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
        return length < bytes.length ? text + "… (" + bytes.length + " bytes)" : text;
    }
}
