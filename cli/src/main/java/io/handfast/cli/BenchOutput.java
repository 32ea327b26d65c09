package io.handfast.cli;

import io.handfast.bench.report.Conditions;
import io.handfast.bench.report.Table;
import io.handfast.protocol.Json;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where the figures of a benchmark go: tables to standard output, progress to standard error, JSON to a file. */
final class BenchOutput {
    @Option(names = "--json", paramLabel = "FILE", description = "Writes the figures to this file too, not rounded.")
    private @Nullable Path json;

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec spec;

    void progress(String line) {
        PrintWriter err = command().commandLine().getErr();
        err.println(line);
        err.flush();
    }

    /**
     * @param before the conditions under which the benchmark began
     */
    void figures(Map<String, Object> before, List<Table> tables) throws IOException {
        PrintWriter out = command().commandLine().getOut();
        tables.forEach(table -> out.println(table.toText()));
        before.forEach((what, value) -> out.println(what + ": " + value));
        out.flush();
        if (json != null) {
            Map<String, Object> all = new LinkedHashMap<>();
            all.put("conditions", before);
            all.put("load_at_the_end", Conditions.now().get("load"));
            all.put("tables", tables.stream().map(Table::toJson).toList());
            Files.write(json, Json.write(all));
        }
    }

    /** Refuses a number that nothing can be measured with. */
    void positive(String option, int value) {
        if (value <= 0) {
            throw new ParameterException(command().commandLine(), option + " is " + value + "; allowed: 1 or more");
        }
    }

    private CommandSpec command() {
        return Objects.requireNonNull(spec, "set by picocli");
    }
}
