package io.handfast.sim.world;

import io.handfast.connection.ConnectionLimits;
import io.handfast.log.LogLimits;
import io.handfast.log.Retention;
import io.handfast.readiness.Profile;
import io.handfast.readiness.ReadinessPolicy;
import io.handfast.readiness.ReadinessPolicy.Strategy;
import io.handfast.readiness.ReadinessPolicy.Unproven;
import io.handfast.readiness.ReadinessPolicy.ValidationMessage;
import io.handfast.run.RunLimits;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a world is made, drawn once from its seed. Bounds are small, so that they are met. Not every world knows every misfortune: a
 * failure that needs a long quiet time is never found where something crashes every second.
 *
 * @param kernelBytes what the kernel takes of a socket's output before it blocks
 * @param lowWater bytes waiting before the kernel below which output flows again
 * @param highWater bytes waiting above which it is blocked
 * @param edgePercent of connections that go through an edge with a script
 * @param coalescing whether adjacent chunks leave as one frame
 */
record Plan(
        int users,
        int threads,
        int clients,
        Disk.Durability durability,
        ReadinessPolicy readiness,
        ConnectionLimits connection,
        LogLimits log,
        RunLimits runs,
        int kernelBytes,
        int lowWater,
        int highWater,
        long latencyMaxMillis,
        int edgePercent,
        boolean coalescing,
        Set<Misfortune.Kind> misfortunes) {

    static final Duration HEARTBEAT = Duration.ofSeconds(2);

    static Plan draw(Dice dice) {
        int highWater = dice.of(2_000, 8_000, 40_000);
        return new Plan(
                dice.between(1, 2),
                dice.between(1, 3),
                dice.between(2, 6),
                dice.of(Disk.Durability.values()),
                readiness(dice),
                connection(dice),
                log(dice),
                runs(dice),
                dice.of(500, 4_000, 64_000),
                highWater / 2,
                highWater,
                dice.of(1, 20, 150),
                dice.of(0, 40, 80),
                dice.chance(70),
                misfortunes(dice));
    }

    private static ReadinessPolicy readiness(Dice dice) {
        return new ReadinessPolicy(
                dice.chance(90) ? Strategy.PROOF : dice.of(Strategy.values()),
                dice.of(Unproven.values()),
                dice.of(ValidationMessage.values()),
                Duration.ofMillis(dice.of(0, 0, 20)),
                Duration.ofSeconds(5),
                dice.of(Profile.values()).readiness().timed());
    }

    private static ConnectionLimits connection(Dice dice) {
        return new ConnectionLimits(
                HEARTBEAT,
                Duration.ofSeconds(dice.of(15, 300)),
                8,
                4_000,
                Duration.ofSeconds(3),
                Duration.ofSeconds(1),
                dice.of(300, 2_000, 64_000),
                dice.between(2, 6),
                dice.between(3, 5));
    }

    private static LogLimits log(Dice dice) {
        return new LogLimits(
                dice.of(1_500, 20_000, 1_000_000),
                dice.between(1, 4),
                dice.of(60_000, 1_000_000),
                dice.between(1, 8),
                dice.of(2_000, 1_000_000),
                dice.between(2, 6),
                new Retention(
                        dice.of(60, 200, 100_000),
                        dice.of(80_000, 10_000_000),
                        dice.chance(20) ? Duration.ofSeconds(20) : Retention.FOR_EVER,
                        Retention.UNLIMITED));
    }

    private static RunLimits runs(Dice dice) {
        return new RunLimits(
                Duration.ofSeconds(dice.between(2, 8)).toNanos(),
                dice.chance(70) ? Long.MAX_VALUE : Duration.ofSeconds(1).toNanos(),
                dice.chance(70) ? 0 : dice.between(2, 6),
                dice.of(4, 64),
                dice.of(2_000, 1 << 20),
                64 * 1024,
                64 * 1024,
                Duration.ofSeconds(dice.of(1, 10)).toNanos(),
                Duration.ofMillis(20).toNanos(),
                Duration.ofSeconds(1).toNanos());
    }

    private static Set<Misfortune.Kind> misfortunes(Dice dice) {
        Set<Misfortune.Kind> kinds = new TreeSet<>();
        int percent = dice.of(15, 50, 85);
        for (Misfortune.Kind kind : Misfortune.Kind.values()) {
            if (dice.chance(percent)) {
                kinds.add(kind);
            }
        }
        return kinds;
    }

    List<String> lines() {
        return List.of(
                clients + " clients of " + users + " users, " + threads + " threads; durability " + durability
                        + (coalescing ? "; chunks are coalesced" : ""),
                "misfortunes: " + misfortunes + "; an edge before " + edgePercent + " % of the connections",
                readiness.toString(),
                connection.toString(),
                log.toString(),
                runs.toString(),
                "socket: kernel " + kernelBytes + " bytes, low water " + lowWater + ", high water " + highWater
                        + ", latency at most " + latencyMaxMillis + " ms");
    }
}
