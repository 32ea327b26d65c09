package io.handfast.sim.edge.script;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What an edge does to the connections through it: rules, in the order of the file (docs/edges/scripts.md).
 *
 * @param name for people: the name of a profile, or of a file
 */
public record Script(String name, List<Rule> rules) {
    public Script {
        rules = List.copyOf(rules);
    }

    /** The script that does nothing: every byte passes unchanged. */
    public static Script transparent() {
        return new Script("transparent", List.of());
    }

    /**
     * Reads a script.
     *
     * @throws ScriptException when it cannot be used; the message says where, what is wrong and what is allowed
     */
    public static Script parse(String name, String text) {
        return parse(name, text, Map.of());
    }

    /**
     * Reads a script.
     *
     * @param parameters values for the script's own {@code param} lines, by name
     * @throws ScriptException when it cannot be used
     */
    public static Script parse(String name, String text, Map<String, String> parameters) {
        return new ScriptParser(name, parameters).parse(text);
    }

    /**
     * Reads a script from a file in UTF-8.
     *
     * @throws ScriptException when it cannot be used
     */
    public static Script load(Path file, Map<String, String> parameters) throws IOException {
        return parse(file.toString(), Files.readString(file), parameters);
    }

    /** The same script with every time in it multiplied, so that a test need not wait for half a minute. */
    public Script times(double factor) {
        return new Script(
                name, rules.stream().map(rule -> Tempo.apply(rule, factor)).toList());
    }
}
