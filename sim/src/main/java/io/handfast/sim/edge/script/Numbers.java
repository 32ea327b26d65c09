package io.handfast.sim.edge.script;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Some of 1, 2, 3 …: {@code 3}, {@code 2..5}, {@code 2..}. */
public record Numbers(long first, long last) {
    private static final Pattern RANGE = Pattern.compile("(\\d{1,18})(\\.\\.(\\d{1,18})?)?");

    public Numbers {
        if (first < 1 || last < first) {
            throw new IllegalArgumentException("numbers count from 1 upwards, not " + first + ".." + last);
        }
    }

    public boolean contains(long number) {
        return number >= first && number <= last;
    }

    static Numbers parse(String word) {
        Matcher range = RANGE.matcher(word);
        if (!range.matches()) {
            throw new Complaint("'" + word + "' is no number; allowed: one such as 3, or a range such as 2..5 or 2..");
        }
        long first = Long.parseLong(range.group(1));
        long last = range.group(2) == null
                ? first
                : range.group(3) == null ? Long.MAX_VALUE : Long.parseLong(range.group(3));
        if (first < 1 || last < first) {
            throw new Complaint("'" + word + "' counts nothing; numbers start at 1, and the smaller comes first");
        }
        return new Numbers(first, last);
    }

    @Override
    public String toString() {
        return last == first ? "" + first : last == Long.MAX_VALUE ? first + ".." : first + ".." + last;
    }
}
