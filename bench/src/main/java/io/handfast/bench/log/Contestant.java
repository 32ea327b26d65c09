package io.handfast.bench.log;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** One row of a table: what is measured in each round, and what the rounds gave. */
final class Contestant {
    private final String name;
    private final Trial trial;
    private final List<Round> rounds = new ArrayList<>();

    Contestant(String name, Trial trial) {
        this.name = name;
        this.trial = trial;
    }

    /** One round in an empty directory. */
    @FunctionalInterface
    interface Trial {
        Round run(Path directory) throws Exception;
    }

    String name() {
        return name;
    }

    Trial trial() {
        return trial;
    }

    /** The rounds that count. */
    List<Round> rounds() {
        return rounds;
    }
}
