package io.handfast.sim.edge.script;

import io.handfast.sim.edge.wire.Side;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** The words of a part of a line, read one after the other. */
final class Words {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]*");

    private final List<String> words;
    private int next;

    Words(String part) {
        words = part.isBlank() ? List.of() : List.of(part.strip().split("\\s+"));
    }

    /** The next word, which has to be there. */
    String next(String wanted) {
        if (next == words.size()) {
            throw new Complaint("after '" + String.join(" ", words) + "' comes " + wanted);
        }
        return words.get(next++);
    }

    /** Whether the next word is this one; if so, it is taken. */
    boolean accept(String word) {
        boolean there = next < words.size() && words.get(next).equals(word);
        if (there) {
            next++;
        }
        return there;
    }

    void expect(String word) {
        String found = next("'" + word + "'");
        if (!found.equals(word)) {
            throw new Complaint("'" + found + "' stands where '" + word + "' belongs");
        }
    }

    /** Takes a word that may be in the singular or the plural. */
    void expectEither(String one, String many) {
        if (!accept(one)) {
            expect(many);
        }
    }

    boolean atEnd() {
        return next == words.size();
    }

    void end() {
        if (!atEnd()) {
            throw new Complaint("'" + String.join(" ", words.subList(next, words.size())) + "' is too much after '"
                    + String.join(" ", words.subList(0, next)) + "'");
        }
    }

    String rest(String wanted) {
        String first = next(wanted);
        String rest = String.join(" ", words.subList(next, words.size()));
        next = words.size();
        return rest.isEmpty() ? first : first + " " + rest;
    }

    <E extends Enum<E>> E oneOf(Class<E> type, String what) {
        String word = next(what);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().toLowerCase(Locale.ROOT).equals(word)) {
                return constant;
            }
        }
        throw new Complaint("'" + word + "' is no " + what + "; allowed: " + names(type));
    }

    /** The next word if it is one of the constants, else the default. */
    <E extends Enum<E>> E oneOf(Class<E> type, E otherwise) {
        for (E constant : type.getEnumConstants()) {
            if (accept(constant.name().toLowerCase(Locale.ROOT))) {
                return constant;
            }
        }
        return otherwise;
    }

    Side side() {
        return oneOf(Side.class, "side");
    }

    /** {@code client}, {@code server} or {@code both}. */
    Set<Side> sides() {
        return accept("both") ? EnumSet.allOf(Side.class) : EnumSet.of(sideOrBoth());
    }

    /** As {@link #sides()}, but both when nothing is said. */
    Set<Side> sidesIfSaid() {
        return atEnd() ? EnumSet.allOf(Side.class) : sides();
    }

    private Side sideOrBoth() {
        String word = next("a side: client, server or both");
        for (Side side : Side.values()) {
            if (side.toString().equals(word)) {
                return side;
            }
        }
        throw new Complaint("'" + word + "' is no side; allowed: client, server, both");
    }

    Span span() {
        return Span.parse(next(Span.ALLOWED));
    }

    long nanos() {
        String word = next(Span.ALLOWED);
        Span span = Span.parse(word);
        if (span.minNanos() != span.maxNanos() || span.minNanos() == 0) {
            throw new Complaint("'" + word + "' stands where one time greater than 0 belongs");
        }
        return span.minNanos();
    }

    /** A number from 1 on, or a size such as 64KiB. */
    long count(String what) {
        String word = next(what);
        long unit = word.endsWith("KiB") ? 1024 : word.endsWith("MiB") ? 1024 * 1024 : 1;
        String digits = unit == 1 ? word : word.substring(0, word.length() - 3);
        if (!digits.matches("[0-9]{1,12}") || Long.parseLong(digits) == 0) {
            throw new Complaint(
                    "'" + word + "' is no " + what + "; allowed: a number from 1 on, such as 4096, 64KiB or 1MiB");
        }
        return Long.parseLong(digits) * unit;
    }

    int closeCode() {
        String word = next("a close code");
        if (!word.matches("[0-9]{4}") || Integer.parseInt(word) < 1000 || Integer.parseInt(word) > 4999) {
            throw new Complaint("'" + word + "' is no close code; allowed: 1000 to 4999");
        }
        return Integer.parseInt(word);
    }

    String name(String what) {
        String word = next(what);
        if (!NAME.matcher(word).matches()) {
            throw new Complaint("'" + word + "' is no " + what + "; allowed: letters, digits and . _ -");
        }
        return word;
    }

    private static <E extends Enum<E>> String names(Class<E> type) {
        return String.join(
                ", ",
                Arrays.stream(type.getEnumConstants())
                        .map(constant -> constant.name().toLowerCase(Locale.ROOT))
                        .toList());
    }
}
