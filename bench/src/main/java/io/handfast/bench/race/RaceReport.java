package io.handfast.bench.race;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a race found.
 *
 * @param conditions when and where it ran, as it began
 * @param server what kind of server it was
 * @param remarks in what its strategies differ from what their names promise
 * @param omissions heats that could not be run
 */
public record RaceReport(
        RacePlan plan,
        Map<String, Object> conditions,
        String server,
        List<String> remarks,
        List<Heat> heats,
        List<Omission> omissions) {
    public RaceReport {
        remarks = List.copyOf(remarks);
        heats = List.copyOf(heats);
        omissions = List.copyOf(omissions);
    }

    /** The heats of one kind of client. */
    List<Heat> of(Reader reader) {
        return heats.stream().filter(heat -> heat.reader() == reader).toList();
    }

    /** For programs; times in milliseconds. */
    public Map<String, Object> json() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("conditions", conditions);
        json.put("server", server);
        json.put("remarks", remarks);
        json.put("clients_each", plan.clients());
        json.put("spacing_ms", plan.spacing().toMillis());
        json.put("patience_ms", plan.patience().toMillis());
        json.put("seed", plan.seed());
        json.put("heats", heats.stream().map(Heat::json).toList());
        json.put("omitted", omissions.stream().map(Omission::json).toList());
        return json;
    }
}
