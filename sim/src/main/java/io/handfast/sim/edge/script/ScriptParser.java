package io.handfast.sim.edge.script;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Reads a script line by line and reports everything that is wrong with it at once. */
final class ScriptParser {
    private static final Pattern COMMENT = Pattern.compile("(^|\\s)#.*$");
    private static final Pattern PARAM = Pattern.compile("param\\s+([a-z][a-z0-9-]*)\\s*=\\s*(\\S+)");
    private static final Pattern USE = Pattern.compile("\\$([a-z][a-z0-9-]*)");
    private static final Selector EVERY = new Selector.Numbered(new Numbers(1, Long.MAX_VALUE));

    private final String name;
    private final Map<String, String> given;
    private final Map<String, String> parameters = new LinkedHashMap<>();
    private final List<Rule> rules = new ArrayList<>();
    private final List<String> complaints = new ArrayList<>();

    ScriptParser(String name, Map<String, String> given) {
        this.name = name;
        this.given = given;
    }

    Script parse(String text) {
        String[] lines = text.split("\\R", -1);
        for (int i = 0; i < lines.length; i++) {
            String line = COMMENT.matcher(lines[i]).replaceFirst("").strip();
            if (line.isEmpty()) {
                continue;
            }
            try {
                line(i + 1, line);
            } catch (Complaint complaint) {
                complaints.add(name + ", line " + (i + 1) + ": " + complaint.getMessage());
            }
        }
        for (String unknown : given.keySet()) {
            if (!parameters.containsKey(unknown)) {
                complaints.add(name + ": there is no parameter '" + unknown + "'; "
                        + (parameters.isEmpty()
                                ? "this script has none"
                                : "it has: " + String.join(", ", parameters.keySet())));
            }
        }
        if (!complaints.isEmpty()) {
            throw new ScriptException(complaints);
        }
        return new Script(name, rules);
    }

    private void line(int number, String line) {
        if (line.startsWith("param ")) {
            param(line);
            return;
        }
        String filled = USE.matcher(line).replaceAll(this::value);
        Selector selector = EVERY;
        if (filled.startsWith("connection ")) {
            int colon = colon(filled, "connection SELECTOR");
            selector = selector(filled.substring(0, colon));
            filled = filled.substring(colon + 1).strip();
        }
        int colon = colon(filled, "TRIGGER");
        Trigger trigger = TriggerParser.parse(filled.substring(0, colon));
        ActionParser actionParser = new ActionParser(trigger);
        List<Action> actions = new ArrayList<>();
        for (String part : filled.substring(colon + 1).split(";", -1)) {
            if (part.isBlank()) {
                throw new Complaint("an action is missing; a rule is TRIGGER: ACTION[; ACTION]…");
            }
            actions.addAll(actionParser.parse(part));
        }
        rules.add(new Rule(number, selector, trigger, actions));
    }

    private static int colon(String part, String before) {
        int colon = part.indexOf(':');
        if (colon < 0) {
            throw new Complaint("'" + part + "' has no colon behind " + before
                    + "; a rule is [connection SELECTOR:] TRIGGER: ACTION[; ACTION]…");
        }
        return colon;
    }

    private void param(String line) {
        var param = PARAM.matcher(line);
        if (!param.matches()) {
            throw new Complaint(
                    "'" + line + "' is no parameter; allowed: param NAME = VALUE, the name of a-z, 0-9 and -");
        }
        String key = param.group(1);
        if (parameters.containsKey(key)) {
            throw new Complaint("the parameter '" + key + "' is there twice");
        }
        parameters.put(key, given.getOrDefault(key, param.group(2)));
    }

    private String value(MatchResult use) {
        String value = parameters.get(use.group(1));
        if (value == null) {
            throw new Complaint("'$" + use.group(1) + "' is no parameter of this script; allowed, in lines above: "
                    + (parameters.isEmpty()
                            ? "param " + use.group(1) + " = VALUE"
                            : String.join(", ", parameters.keySet())));
        }
        return java.util.regex.Matcher.quoteReplacement(value);
    }

    private static Selector selector(String part) {
        Words words = new Words(part);
        words.expect("connection");
        Selector selector = selector(words);
        words.end();
        return selector;
    }

    private static Selector selector(Words words) {
        if (words.accept("each")) {
            return new Selector.Each(words.count("number"));
        }
        String word = words.next("which connections, such as 1, 2.., each 3 or 3%");
        if (!word.endsWith("%")) {
            return new Selector.Numbered(Numbers.parse(word));
        }
        String digits = word.substring(0, word.length() - 1);
        if (!digits.matches("[0-9]{1,3}(\\.[0-9]{1,6})?") || Double.parseDouble(digits) > 100) {
            throw new Complaint("'" + word + "' is no share; allowed: 0% to 100%");
        }
        return new Selector.Share(Double.parseDouble(digits));
    }
}
