package io.handfast.server.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An amount of data as people write it: a whole number with its unit, powers of 1024.
 *
 * @param bytes 0 or more
 */
public record Size(long bytes) implements Comparable<Size> {
    private static final Pattern WITH_UNIT = Pattern.compile("([0-9]{1,6})(B|KiB|MiB|GiB|TiB)");
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};
    private static final int STEP_BITS = 10;

    /** Reads {@code 512KiB}, {@code 64MiB}, {@code 10GiB} or the like; empty for anything else. */
    static Optional<Size> parse(String text) {
        Matcher matcher = WITH_UNIT.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long bytes = Long.parseLong(matcher.group(1));
        for (int unit = 0; !UNITS[unit].equals(matcher.group(2)); unit++) {
            bytes <<= STEP_BITS;
        }
        return Optional.of(new Size(bytes));
    }

    @Override
    public int compareTo(Size other) {
        return Long.compare(bytes, other.bytes);
    }

    /** In the largest unit that loses nothing; {@link #parse} reads it. */
    @Override
    public String toString() {
        long rest = bytes;
        int unit = 0;
        while (unit < UNITS.length - 1 && rest > 0 && rest % (1 << STEP_BITS) == 0) {
            rest >>= STEP_BITS;
            unit++;
        }
        return rest + UNITS[unit];
    }
}
