package io.handfast.agents.docs;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A block that may be part of an answer.
 *
 * @param section number of its section among the hits
 * @param block its number in the section
 * @param score how well it answers the question; only comparable within one question
 */
record Candidate(int section, int block, double score) {
    /** The heading over a block tells what it is about, but a block that says it itself is the better answer. */
    private static final double HEADING = 0.6;

    /** What a block tells about the very thing that was asked for is what was asked for. */
    private static final double SUBJECT = 0.6;

    /** Who asks how to do something wants to see it done. */
    private static final double CODE = 0.3;

    /** So much of the question in a heading makes the section its answer, from its beginning. */
    private static final double TITLE_IS_ANSWER = 0.65;

    /** How much the search's opinion of the section counts. */
    private static final double SEARCH = 0.25;

    private static final int LEAD_BLOCKS = 24;

    /** All blocks of the hits that say something, the best first; of equals the earlier. */
    static List<Candidate> of(Question question, List<DocsIndex.Hit> hits, English english) {
        List<Candidate> candidates = new ArrayList<>();
        for (int s = 0; s < hits.size(); s++) {
            Section section = hits.get(s).section();
            double search =
                    1 - SEARCH + SEARCH * hits.get(s).score() / hits.get(0).score();
            double titled = question.literally(english.terms(section.title()));
            Set<String> heading = english.terms(section.heading());
            for (int b = 0; b < section.blocks().size(); b++) {
                double score = worth(question, section.blocks().get(b), heading, english);
                if (titled >= TITLE_IS_ANSWER && b < LEAD_BLOCKS) {
                    score = Math.max(score, 0.5) + titled;
                }
                if (score > 0) {
                    candidates.add(new Candidate(s, b, score * search * section.relevance()));
                }
            }
        }
        candidates.sort(Comparator.comparing(Candidate::score, Comparator.reverseOrder()));
        return candidates;
    }

    private static double worth(Question question, Block block, Set<String> heading, English english) {
        Set<String> own = english.terms(block.searchable());
        double alone = question.coverage(own);
        if (alone == 0) {
            return 0;
        }
        Set<String> both = new HashSet<>(own);
        both.addAll(heading);
        return alone
                + (question.howTo() && block instanceof Block.Code ? CODE : 0)
                + HEADING * (question.coverage(both) - alone)
                + SUBJECT * question.literally(english.terms(block.subject()));
    }
}
