package io.handfast.server.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** What docs/config.md, {@code --help} and the check at start say of a setting. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Setting {
    Tier tier();

    /** What it does: a sentence. */
    String effect();

    /** The least value, of a number or a duration. */
    String min() default "";

    /** The greatest value, of a number or a duration. */
    String max() default "";

    /** What a text has to match as a whole. */
    String pattern() default "";

    /** What is allowed, in words, where the type does not say it. */
    String allowed() default "";

    /** Never shown, and not taken from the command line, which every process of the machine can read. */
    boolean secret() default false;

    /** Who has to know a setting. */
    enum Tier {
        ESSENTIAL("Essential", "Everybody who runs a server decides these."),
        FREQUENT("Frequent", "Worth a look before production."),
        RARE("Rare", "Bounds and rhythms whose defaults fit nearly everybody.");

        private final String title;
        private final String description;

        Tier(String title, String description) {
            this.title = title;
            this.description = description;
        }

        String title() {
            return title;
        }

        String description() {
            return description;
        }
    }
}
