package io.handfast.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** How often a benchmark measures, and on which disk. */
final class BenchRounds {
    @Option(names = "--rounds", paramLabel = "NUMBER", description = "Rounds that count, behind one that warms up.")
    private int rounds;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "On the disk that is measured; some GB for a while. Default: the directory for temporary files.")
    private Path directory = Path.of(System.getProperty("java.io.tmpdir"));

    /** @param usual unless the option says otherwise */
    BenchRounds(int usual) {
        this.rounds = usual;
    }

    int count(BenchOutput output) {
        output.positive("--rounds", rounds);
        return rounds;
    }

    Path directory() {
        return directory;
    }
}
