package io.handfast.cli;

import io.handfast.bench.race.Heat;
import io.handfast.bench.race.Omission;
import io.handfast.bench.race.RaceTable;
import io.handfast.bench.race.Spectator;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;

/** A line of the table for each heat as it ends; keeps what it has shown. */
final class RaceProgress implements Spectator {
    private final PrintWriter out;
    private final List<Heat> heats = new ArrayList<>();
    private final List<Omission> omissions = new ArrayList<>();

    RaceProgress(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void ended(Heat heat) {
        heats.add(heat);
        show(RaceTable.line(heat));
    }

    @Override
    public void omitted(Omission omission) {
        omissions.add(omission);
        show(RaceTable.line(omission));
    }

    private void show(String line) {
        out.println(line);
        out.flush();
    }

    List<Heat> heats() {
        return heats;
    }

    List<Omission> omissions() {
        return omissions;
    }
}
