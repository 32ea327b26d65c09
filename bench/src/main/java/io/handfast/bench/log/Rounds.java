package io.handfast.bench.log;

import io.handfast.bench.report.ScratchDirectory;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/** Lets contestants take turns: what disturbs the machine for a while then hits all of them, and not one. */
final class Rounds {
    private Rounds() {}

    static void run(LogPlan plan, List<Contestant> contestants, Consumer<String> progress) throws Exception {
        for (int round = 0; round <= plan.rounds(); round++) {
            for (Contestant contestant : contestants) {
                Round measured;
                try (ScratchDirectory directory = new ScratchDirectory(plan.directory())) {
                    measured = contestant.trial().run(directory.path());
                }
                String which = round == 0 ? "warm-up" : "round " + round + " of " + plan.rounds();
                progress.accept(String.format(
                        Locale.ROOT, "%s, %s: %,.0f events/s", which, contestant.name(), measured.perSecond()));
                if (round > 0) {
                    contestant.rounds().add(measured);
                }
            }
        }
    }
}
