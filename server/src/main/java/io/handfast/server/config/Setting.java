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

    /** The least value, of a number, a duration or a size. */
    String min() default "";

    /** The greatest value, of a number, a duration or a size. */
    String max() default "";

    /** What a text has to match as a whole. */
    String pattern() default "";

    /** What is allowed, in words, where the type does not say it. */
    String allowed() default "";

    /** What stands in the name of a setting for the part that the user chooses, where the setting is a map of texts. */
    String entry() default "";

    /** Never shown, and not taken from the command line, which every process of the machine can read. */
    boolean secret() default false;

    /** Who has to know a setting. */
    enum Tier {
        ESSENTIAL("Essential", "Everybody who runs a server decides these."),
        FREQUENT("Frequent", "Worth a look before production."),
        RARE("Rare", "Bounds and rhythms whose defaults fit nearly everybody."),
        AGENT(
                "Agents",
                "Each agent has a name, 1 to 64 of `A-Z a-z 0-9 _ -`, which stands for `<name>`. In the environment the name is written"
                        + " in upper case, with `_` for `-`: `HANDFAST_AGENTS_WEATHER_URL` belongs to the agent of the file that is written so,"
                        + " else to `weather`. Agents are not set on the command line."),
        AGUI("Agents behind HTTP", "For agents of the type `agui`, see [agents-http.md](agents-http.md)."),
        OPENAI("Chat models", "For agents of the type `openai`, see [agents-models.md](agents-models.md).");

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
