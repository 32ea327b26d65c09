package io.handfast.bench.race;

import io.handfast.bench.report.Latency;
import io.handfast.readiness.ReadinessPolicy.Strategy;
import io.handfast.server.config.Policies;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;

/**
 * How the clients of one kind fared on one course with one strategy.
 *
 * @param clients how many there were
 * @param worked how many got the terminal event in time
 * @param whole how many got every event once and in order
 * @param sent events that the server counts as sent
 * @param arrived events that reached a handler
 * @param repeats events that came again on one connection, or out of order
 * @param reconnects connections beyond the first of each client
 * @param questions that the server asked, for each connection that became READY
 * @param proofs what READY rests on, by clients; {@code -} for those who were not told
 * @param ready from the 101 to READY, as the client sees it
 * @param proven from the first question that got through, to the same
 * @param answered from the attempt to connect to the terminal event
 */
public record Heat(
        Course course,
        Strategy strategy,
        Reader reader,
        int clients,
        int worked,
        int whole,
        long sent,
        long arrived,
        long repeats,
        long reconnects,
        double questions,
        Map<String, Integer> proofs,
        Latency ready,
        Latency proven,
        Latency answered) {
    /** Beyond one round trip, which R22 allows. */
    public static final long ALLOWANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    static Heat of(Course course, Strategy strategy, Reader reader, List<Finish> finishes, ServerCounts counts) {
        Map<String, Integer> proofs = new TreeMap<>();
        finishes.forEach(finish -> proofs.merge(finish.proof().isEmpty() ? "-" : finish.proof(), 1, Integer::sum));
        return new Heat(
                course,
                strategy,
                reader,
                finishes.size(),
                (int) finishes.stream().filter(Finish::worked).count(),
                (int) finishes.stream().filter(Finish::whole).count(),
                counts.sent(),
                finishes.stream().mapToLong(Finish::arrived).sum(),
                finishes.stream().mapToLong(Finish::repeats).sum(),
                finishes.stream().mapToLong(finish -> finish.connections() - 1L).sum(),
                counts.ready() == 0 ? 0 : (double) counts.questions() / counts.ready(),
                proofs,
                latency(finishes, Finish::readyNanos),
                latency(finishes, Finish::questionNanos),
                latency(finishes, Finish::answerNanos));
    }

    private static Latency latency(List<Finish> finishes, ToLongFunction<Finish> what) {
        return Latency.of(
                finishes.stream().mapToLong(what).filter(nanos -> nanos >= 0).toArray());
    }

    /** Events that the server counts as sent and that never reached the handler to which they were sent. */
    public long lost() {
        return Math.max(0, sent - arrived);
    }

    /** The same for each client. */
    public double lostEach() {
        return (double) lost() / clients;
    }

    /** What R22 allows from the first question to READY: one round trip and 2 ms. */
    public long allowedNanos() {
        return course.roundTrip().toNanos() + ALLOWANCE_NANOS;
    }

    Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("edge", course.name());
        json.put("strategy", Policies.name(strategy));
        json.put("client", reader.name().toLowerCase(Locale.ROOT));
        json.put("clients", clients);
        json.put("worked", worked);
        json.put("whole", whole);
        json.put("events_sent", sent);
        json.put("events_arrived", arrived);
        json.put("events_lost", lost());
        json.put("events_repeated_or_out_of_order", repeats);
        json.put("reconnects", reconnects);
        json.put("questions_each_ready", questions);
        json.put("proofs", proofs);
        json.put("ready_from_101", ready.json());
        json.put("ready_from_first_question", proven.json());
        json.put("allowed_from_first_question_ms", allowedNanos() / 1e6);
        json.put("answered", answered.json());
        return json;
    }
}
