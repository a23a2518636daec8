package dev.longhaul.bench.chaos.fault;

import dev.longhaul.bench.chaos.fault.Fault.Effect;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/// What happens between a node and the database.
final class NetworkFaults {

    static final List<Fault> ALL = List.of(new Fault("network cut in the middle of a message", NetworkFaults::cut),
            new Fault("network swallows everything", NetworkFaults::swallow),
            new Fault("network delays everything", NetworkFaults::delay),
            new Fault("answer lost after the commit", NetworkFaults::loseCommits));

    private static final Duration RECONNECTS = Duration.ofSeconds(20);
    private static final int FEW = 20;

    private NetworkFaults() {
    }

    private static Effect cut(Scene scene) throws Exception {
        var number = 1 + scene.random().nextInt(8);
        scene.victim().proxy().cutAnswers(number);
        scene.await(RECONNECTS, () -> scene.victim().proxy().cutsLeft() <= 0);
        var cuts = number - Math.max(0, scene.victim().proxy().cutsLeft());
        scene.victim().proxy().heal(true);
        scene.await(RECONNECTS, () -> scene.reconnects() > 0);
        return new Effect(cuts > 0 && scene.reconnects() > 0, "%d cuts, %d new connections".formatted(cuts,
                scene.reconnects()));
    }

    private static Effect loseCommits(Scene scene) throws Exception {
        var number = 1 + scene.random().nextInt(3);
        scene.victim().proxy().loseCommits(number);
        scene.await(RECONNECTS, () -> scene.victim().proxy().lossesLeft() <= 0);
        var lost = number - Math.max(0, scene.victim().proxy().lossesLeft());
        scene.victim().proxy().heal(true);
        scene.await(RECONNECTS, () -> scene.reconnects() > 0);
        return new Effect(lost > 0 && scene.reconnects() > 0, "%d answers lost, %d new connections".formatted(lost,
                scene.reconnects()));
    }

    /// Shorter or longer than the lease; afterwards the old connections are reset, or stay silent.
    private static Effect swallow(Scene scene) throws Exception {
        var before = scene.victim().proxy().swallowed();
        var resets = scene.random().nextBoolean();
        scene.victim().proxy().swallow();
        Thread.sleep(scene.between(scene.leases(0.5), scene.leases(2.5)));
        scene.victim().proxy().heal(resets);
        scene.await(RECONNECTS, () -> scene.reconnects() > 0);
        var bytes = scene.victim().proxy().swallowed() - before;
        return new Effect(bytes > 0 && scene.reconnects() > 0, "%d bytes lost, %d new connections, %d rescued, %s"
                .formatted(bytes, scene.reconnects(), scene.newRescues(), resets ? "reset" : "left silent"));
    }

    private static Effect delay(Scene scene) throws Exception {
        var before = scene.victim().proxy().delayed();
        var millis = 50 + scene.random().nextInt(200);
        scene.victim().proxy().delay(millis);
        var slowest = 0L;
        try {
            var end = System.nanoTime() + scene.leases(2).toNanos();
            while (System.nanoTime() < end) {
                slowest = Math.max(slowest, get(scene));
            }
        } finally {
            scene.victim().proxy().heal(true);
        }
        var pieces = scene.victim().proxy().delayed() - before;
        return new Effect(pieces > FEW && slowest > millis, "%d pieces by %d ms, slowest get %d ms".formatted(pieces,
                millis, slowest));
    }

    /// @return how long it took, in milliseconds
    private static long get(Scene scene) throws InterruptedException {
        var begin = System.nanoTime();
        try {
            scene.victim().get("/api/v1/operations?page_size=1", Duration.ofSeconds(5));
        } catch (IOException unanswered) {
            // it took as long as it took
        }
        return (System.nanoTime() - begin) / 1_000_000;
    }
}
