package io.handfast.agents.docs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.regex.Pattern;

/**
 * A question as the search sees it.
 *
 * @param keywords its telling words, as they were written
 * @param howTo whether it asks how one does something: code answers that best
 * @param asked each of its terms with the weight that it has for an answer: rare ones count most
 * @param related terms that the documentation may use instead, each with the term that it stands for
 */
record Question(String keywords, boolean howTo, Map<String, Double> asked, Map<String, String> related) {
    private static final double RELATED = 0.6;
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[\\s?!.,;:\"()]+");

    private static final Pattern HOW_TO = Pattern.compile(
            "\\bhow (?:do|can|could|should|would) (?:i|we|you|one)\\b|\\bhow to\\b", Pattern.CASE_INSENSITIVE);

    /** Words that people use, and what the documentation calls it. */
    private static final Map<String, List<String>> VOCABULARY = Map.ofEntries(
            Map.entry("variable", List.of("setting")),
            Map.entry("config", List.of("setting", "configuration")),
            Map.entry("configuration", List.of("setting")),
            Map.entry("configure", List.of("setting", "configuration")),
            Map.entry("option", List.of("setting")),
            Map.entry("auth", List.of("authentication", "token", "bearer")),
            Map.entry("login", List.of("authentication", "token")),
            Map.entry("authenticate", List.of("authentication", "token", "bearer")),
            Map.entry("own", List.of("belong", "owner")),
            Map.entry("crash", List.of("lost", "restart", "throw", "fail")),
            Map.entry("store", List.of("kept", "data", "disk")),
            Map.entry("save", List.of("kept", "data", "disk")),
            Map.entry("install", List.of("need", "jdk")),
            Map.entry("drop", List.of("reconnect", "cut", "line")),
            Map.entry("lose", List.of("reconnect", "lost")),
            Map.entry("restart", List.of("drain", "stop", "shutdown")),
            Map.entry("die", List.of("lost", "gone")),
            Map.entry("deploy", List.of("drain", "shutdown", "restart")),
            Map.entry("stop", List.of("drain", "shutdown", "cancel")),
            Map.entry("disconnect", List.of("close", "reconnect")),
            Map.entry("start", List.of("serve", "run")),
            Map.entry("launch", List.of("serve", "start")),
            Map.entry("monitoring", List.of("metrics", "prometheus")),
            Map.entry("timeout", List.of("deadline")),
            Map.entry("ping", List.of("heartbeat")),
            Map.entry("keepalive", List.of("heartbeat")));

    static Question of(String text, English english, ToDoubleFunction<String> rarity) {
        List<String> keywords = new ArrayList<>();
        for (String word : BETWEEN_WORDS.split(text, -1)) {
            if (english.telling(word)) {
                keywords.add(word);
            }
        }
        Map<String, Double> asked = new LinkedHashMap<>();
        Set<String> terms = english.terms(text);
        terms.forEach(term -> asked.put(term, rarity.applyAsDouble(term)));
        Map<String, String> related = new LinkedHashMap<>();
        VOCABULARY.forEach((word, others) -> english.terms(word).stream()
                .filter(terms::contains)
                .forEach(term -> others.forEach(other -> english.terms(other).stream()
                        .filter(otherTerm -> !terms.contains(otherTerm))
                        .forEach(otherTerm -> related.putIfAbsent(otherTerm, term)))));
        return new Question(String.join(" ", keywords), HOW_TO.matcher(text).find(), asked, related);
    }

    boolean empty() {
        return asked.isEmpty();
    }

    /** How much of the question these terms speak of in its own words: 0 nothing, 1 all of it. */
    double literally(Set<String> terms) {
        return share(literal(terms));
    }

    /** How much of the question these terms speak of, in its own words or in related ones. */
    double coverage(Set<String> terms) {
        Map<String, Double> covered = literal(terms);
        related.forEach((term, standsFor) -> {
            if (terms.contains(term)) {
                covered.merge(standsFor, RELATED * asked.getOrDefault(standsFor, 0.0), Math::max);
            }
        });
        return share(covered);
    }

    private Map<String, Double> literal(Set<String> terms) {
        Map<String, Double> covered = new LinkedHashMap<>(asked);
        covered.keySet().retainAll(terms);
        return covered;
    }

    private double share(Map<String, Double> covered) {
        double all = asked.values().stream().mapToDouble(Double::doubleValue).sum();
        double sum = covered.values().stream().mapToDouble(Double::doubleValue).sum();
        return all == 0 ? 0 : sum / all;
    }
}
