package io.handfast.bench.load;

import io.handfast.bench.client.Fault;
import io.handfast.bench.report.Conditions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What a load found.
 *
 * @param seconds from the first connection to the last answer
 */
public record LoadReport(LoadPlan plan, LoadTally tally, double seconds) {

    /** The share of clients that became READY, in percent. */
    public double connected() {
        return percent(tally.readyOnceSoFar(), plan.connections());
    }

    /** The share of messages that were answered to the end by {@code agent_completed}, in percent; 100 when none was due. */
    public double answered() {
        return percent(tally.answeredSoFar(), tally.sentSoFar() + tally.skippedSoFar());
    }

    private static double percent(long part, long whole) {
        return whole == 0 ? 100 : 100.0 * part / whole;
    }

    /** Whether every transcript was right, and both shares are at least {@code percent}. */
    public boolean passed(double percent) {
        return tally.faultsSoFar() == 0 && connected() >= percent && answered() >= percent;
    }

    /** For people. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        add(
                lines,
                "connections",
                "%,d of %,d became READY (%.3f %%), proof %s; reconnects %,d",
                tally.readyOnceSoFar(),
                plan.connections(),
                connected(),
                tally.proofsSoFar(),
                tally.reconnectsSoFar());
        add(lines, "ready time", "%s", tally.readyTime());
        add(
                lines,
                "messages",
                "%,d sent, %,d accepted, %,d answered (%.3f %%), %,d ended otherwise, %,d not sent: too many unanswered",
                tally.sentSoFar(),
                tally.acceptedSoFar(),
                tally.answeredSoFar(),
                answered(),
                tally.failedSoFar(),
                tally.skippedSoFar());
        add(lines, "accepted", "%s", tally.acceptanceTime());
        add(lines, "answered", "%s", tally.answerTime());
        add(lines, "events", "%,d in %.1f s", tally.eventsSoFar(), seconds);
        add(lines, "event time", "%s", tally.deliveryTime());
        add(lines, "closed", "%s", tally.endsSoFar());
        add(lines, "refused", "%s", tally.refusalsSoFar());
        add(
                lines,
                "transcripts",
                "%,d wrong, %,d faults; holes that were asked for again: %,d",
                tally.faultyTranscriptsSoFar(),
                tally.faultsSoFar(),
                tally.holesSoFar());
        for (Fault fault : tally.someFaults()) {
            lines.add("  " + fault.kind().name().toLowerCase(Locale.ROOT) + ": " + fault.detail());
        }
        return lines;
    }

    private static void add(List<String> lines, String what, String format, Object... values) {
        lines.add(String.format(Locale.ROOT, "%-12s ", what) + String.format(Locale.ROOT, format, values));
    }

    /** For programs; times in milliseconds. */
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("conditions", Conditions.now());
        json.put("to", plan.endpoint().toString());
        json.put("connections", plan.connections());
        json.put("rate", plan.rate());
        json.put("seconds", seconds);
        json.put("ready", tally.readyOnceSoFar());
        json.put("connected_percent", connected());
        json.put("proofs", tally.proofsSoFar());
        json.put("reconnects", tally.reconnectsSoFar());
        json.put("sent", tally.sentSoFar());
        json.put("not_sent", tally.skippedSoFar());
        json.put("accepted", tally.acceptedSoFar());
        json.put("answered", tally.answeredSoFar());
        json.put("ended_otherwise", tally.failedSoFar());
        json.put("answered_percent", answered());
        json.put("events", tally.eventsSoFar());
        json.put("ready_time", tally.readyTime().json());
        json.put("acceptance_time", tally.acceptanceTime().json());
        json.put("answer_time", tally.answerTime().json());
        json.put("event_time", tally.deliveryTime().json());
        json.put("closed", tally.endsSoFar());
        json.put("refused", tally.refusalsSoFar());
        json.put("holes_asked_again", tally.holesSoFar());
        json.put("wrong_transcripts", tally.faultyTranscriptsSoFar());
        json.put("faults", tally.faultsSoFar());
        json.put(
                "some_faults",
                tally.someFaults().stream()
                        .map(fault -> fault.kind().name().toLowerCase(Locale.ROOT) + ": " + fault.detail())
                        .toList());
        return json;
    }
}
