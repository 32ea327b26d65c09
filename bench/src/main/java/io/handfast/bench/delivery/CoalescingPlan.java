package io.handfast.bench.delivery;

/**
 * How much is measured.
 *
 * @param words of the answer, each a chunk of five bytes; at most 50,000
 * @param readers that come back at the same time and read it from its beginning
 * @param rounds that count, behind one that warms up
 */
public record CoalescingPlan(int words, int readers, int rounds) {
    private static final int WORDS_MAX = 50_000;

    public CoalescingPlan {
        within("words", words, WORDS_MAX);
        within("readers", readers, 10_000);
        within("rounds", rounds, 1_000);
    }

    private static void within(String name, int value, int max) {
        if (value < 1 || value > max) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed: 1 to " + max);
        }
    }

    /** Some twenty seconds. */
    public static CoalescingPlan ofDefaults() {
        return new CoalescingPlan(5_000, 100, 5);
    }
}
