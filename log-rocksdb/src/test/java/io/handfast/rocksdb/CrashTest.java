package io.handfast.rocksdb;

import static io.handfast.log.LogUnderTest.event;
import static org.assertj.core.api.Assertions.assertThat;

import io.handfast.log.Entry;
import io.handfast.log.LogLimits;
import io.handfast.log.LogObserver;
import io.handfast.log.LogUnderTest;
import io.handfast.log.ThreadLog.Posted;
import io.handfast.log.ThreadLog.RunRecord;
import io.handfast.protocol.EventType;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that writes is killed with SIGKILL at a random moment, again and again on the same directory. The short form
 * runs in the build; {@code -Dhandfast.crash.rounds=300 -Dhandfast.crash.seed=…} makes it long.
 */
class CrashTest {
    private static final int ROUNDS = Integer.getInteger("handfast.crash.rounds", 4);
    private static final long SEED = Long.getLong("handfast.crash.seed", 20_261_122L);

    @TempDir
    Path temp;

    @Test
    void whatever_was_acknowledged_or_shown_survives_every_kill() throws Exception {
        Random random = new Random(SEED);
        for (Durability durability : new Durability[] {Durability.PROCESS, Durability.DISK}) {
            Path directory = temp.resolve(durability.name());
            List<String> said = new ArrayList<>();
            for (int round = 0; round < ROUNDS; round++) {
                String name = "seed " + SEED + ", " + durability + ", round " + round;
                said.addAll(killAfter(random.nextInt(1_500), directory, durability, random.nextLong(), "n" + round));
                try {
                    check(directory, durability, said);
                } catch (AssertionError | Exception e) {
                    throw new AssertionError(name, e);
                }
            }
        }
    }

    private static List<String> killAfter(int lines, Path directory, Durability durability, long seed, String prefix)
            throws Exception {
        Process victim = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--enable-native-access=ALL-UNNAMED",
                        "-Xshare:auto",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        CrashVictim.class.getName(),
                        directory.toString(),
                        durability.name(),
                        String.valueOf(seed),
                        prefix)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        List<String> said = new ArrayList<>();
        try (BufferedReader out = victim.inputReader(StandardCharsets.UTF_8)) {
            boolean killed = false;
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                said.add(line);
                if (said.size() > lines && !killed) {
                    victim.toHandle().destroyForcibly(); // not the process itself, which would close the pipe
                    killed = true;
                }
            }
            assertThat(killed).as("the victim died by itself").isTrue();
            // A line that the kill has cut is no word given.
            said.remove(said.size() - 1);
        } finally {
            victim.destroyForcibly();
            victim.waitFor();
        }
        return said;
    }

    private static void check(Path directory, Durability durability, List<String> said) throws Exception {
        try (RocksThreadLog opened = RocksThreadLog.open(
                RocksSettings.of(directory, durability), LogLimits.forDisk(), Clock.systemUTC(), LogObserver.NONE)) {
            LogUnderTest log = new LogUnderTest(opened.log());
            for (RunRecord run : log.done(log.log().openRuns())) {
                log.append(
                        run.threadId(),
                        run.runId(),
                        event(
                                EventType.AGENT_ERROR,
                                Map.of("code", "agent_lost", "message", "lost", "retryable", true)));
            }
            Map<String, List<Entry>> threads = new HashMap<>();
            Map<String, String> epochs = new HashMap<>();
            for (String threadId : List.of("t0", "t1", "t2")) {
                epochs.put(threadId, log.claim(threadId, "ann").epoch());
                threads.put(threadId, log.readAll(threadId, 100_000));
                checkRuns(threads.get(threadId));
            }
            for (String line : said) {
                String[] word = line.split(" ", -1);
                List<Entry> entries = threads.getOrDefault(word[1], List.of());
                switch (word[0]) {
                    case "saw" -> {
                        Entry entry = entries.get(Integer.parseInt(word[3]) - 1);
                        assertThat(epochs.get(word[1])).as(line).isEqualTo(word[2]);
                        assertThat(String.valueOf(Arrays.hashCode(entry.json())))
                                .as(line)
                                .isEqualTo(word[4]);
                    }
                    case "posted" ->
                        assertThat(log.post(word[1], "ann", word[2], "again-" + word[4]))
                                .as(line)
                                .isEqualTo(new Posted(Long.parseLong(word[3]), word[4], true));
                    case "ended" -> {
                        Entry entry = entries.get(Integer.parseInt(word[3]) - 1);
                        assertThat(entry.type()).as(line).isEqualTo(EventType.AGENT_COMPLETED);
                        assertThat(entry.runId()).as(line).isEqualTo(word[2]);
                    }
                    default -> throw new AssertionError("the victim said: " + line);
                }
            }
        }
    }

    /** Every run that a message started has begun, ended once, and closed its tools. */
    private static void checkRuns(List<Entry> entries) {
        Map<String, List<EventType>> runs = new HashMap<>();
        for (Entry entry : entries) {
            runs.computeIfAbsent(String.valueOf(entry.runId()), id -> new ArrayList<>())
                    .add(entry.type());
        }
        runs.forEach((runId, types) -> {
            assertThat(types.get(0)).as(runId).isEqualTo(EventType.USER_MESSAGE);
            assertThat(types.get(1)).as(runId).isEqualTo(EventType.AGENT_STARTED);
            assertThat(types.stream().filter(EventType::terminal)).as(runId).hasSize(1);
            assertThat(types.get(types.size() - 1).terminal()).as(runId).isTrue();
            assertThat(types.stream().filter(EventType.TOOL_EXECUTING::equals).count())
                    .as(runId)
                    .isEqualTo(types.stream()
                            .filter(EventType.TOOL_COMPLETED::equals)
                            .count());
        });
    }
}
