package io.handfast.agents.docs;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * An answer made of what the documentation says: the sentences, items, rows and code of the found sections that speak most of the
 * question, in the order in which they stand there.
 *
 * @param excerpts what was chosen, the best section first; empty when nothing speaks of the question
 * @param coverage how much of the question the excerpts speak of, 0 to 1
 */
record Answer(List<Excerpt> excerpts, double coverage) {
    private static final int SECTIONS_MAX = 3;
    private static final int CHARS_MAX = 2_000;

    /** A block that says less than this share of what the best one says is left out. */
    private static final double SHARE_OF_BEST = 0.65;

    /** Under this the question is about something else. */
    private static final double COVERAGE_MIN = 0.4;

    /** How many blocks may follow a sentence that ends in a colon. */
    private static final int ANNOUNCED_MAX = 8;

    private static final Pattern LEANS_BACK =
            Pattern.compile("(?:It|Its|This|That|These|They|Then|So|Both|Such|But|Otherwise|Not) .*", Pattern.DOTALL);

    /** Blocks of one section, in their order. */
    record Excerpt(Section section, List<Block> blocks) {}

    static Answer of(Question question, List<DocsIndex.Hit> hits, English english) {
        List<Candidate> candidates = Candidate.of(question, hits, english);
        Map<Integer, Set<Integer>> chosen = new LinkedHashMap<>();
        double least = candidates.isEmpty() ? 0 : candidates.get(0).score() * SHARE_OF_BEST;
        int chars = 0;
        for (Candidate candidate : candidates) {
            Section section = hits.get(candidate.section()).section();
            chars += section.blocks().get(candidate.block()).searchable().length();
            boolean enough = !chosen.isEmpty() && chars > CHARS_MAX;
            boolean oneMore = chosen.size() == SECTIONS_MAX && !chosen.containsKey(candidate.section());
            if (candidate.score() < least || enough || oneMore) {
                break;
            }
            chosen.computeIfAbsent(candidate.section(), number -> new TreeSet<>())
                    .add(candidate.block());
        }
        List<Excerpt> excerpts = new ArrayList<>();
        Set<String> said = new HashSet<>();
        chosen.forEach((number, blocks) -> {
            Section section = hits.get(number).section();
            said.addAll(english.terms(section.heading()));
            blocks.forEach(block ->
                    said.addAll(english.terms(section.blocks().get(block).searchable())));
            addContext(section, blocks);
            excerpts.add(new Excerpt(
                    section, blocks.stream().map(section.blocks()::get).toList()));
        });
        double coverage = question.coverage(said);
        return new Answer(coverage < COVERAGE_MIN ? List.of() : excerpts, coverage);
    }

    /** What reads badly alone gets what it leans on: "It …" the sentence before, one that ends in ":" what it announces. */
    private static void addContext(Section section, Set<Integer> chosen) {
        List<Block> blocks = section.blocks();
        for (int number : List.copyOf(chosen)) {
            if (!(blocks.get(number) instanceof Block.Sentence sentence)) {
                continue;
            }
            if (number > 0
                    && LEANS_BACK.matcher(sentence.markdown()).matches()
                    && blocks.get(number - 1) instanceof Block.Sentence before
                    && before.paragraph() == sentence.paragraph()) {
                chosen.add(number - 1);
            }
            if (sentence.markdown().endsWith(":")) {
                for (int next = number + 1; next < blocks.size() && next <= number + ANNOUNCED_MAX; next++) {
                    if (!blocks.get(next)
                                    .getClass()
                                    .equals(blocks.get(number + 1).getClass())
                            || blocks.get(next) instanceof Block.Sentence) {
                        break;
                    }
                    chosen.add(next);
                }
            }
        }
    }
}
