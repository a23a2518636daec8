package dev.longhaul.bench.chaos.fault;

import dev.longhaul.bench.chaos.cluster.Processes;
import dev.longhaul.bench.chaos.fault.Fault.Effect;
import java.time.Duration;
import java.util.List;

/// What happens to a node.
final class NodeFaults {

    static final List<Fault> ALL = List.of(new Fault("kill -9 of a node", NodeFaults::kill),
            new Fault("SIGTERM of a node", NodeFaults::terminate),
            new Fault("SIGSTOP beyond the lease", NodeFaults::freezeBeyondLease),
            new Fault("SIGSTOP within the lease", NodeFaults::freezeWithinLease));

    private static final Duration DRAIN = Duration.ofSeconds(75);

    private NodeFaults() {
    }

    /// Started again at once, or after its lease.
    private static Effect kill(Scene scene) throws Exception {
        var running = scene.awaitRunning();
        scene.victim().kill();
        var killed = System.nanoTime();
        if (scene.random().nextBoolean()) {
            Thread.sleep(scene.leases(1.2));
        }
        scene.victim().start();
        var isRescued = running > 0 && scene.await(scene.leases(3).plusSeconds(20), () -> scene.newRescues() > 0);
        return new Effect(isRescued, "%d running, %d rescued after %.1f s".formatted(running, scene.newRescues(),
                (System.nanoTime() - killed) / 1e9));
    }

    private static final String RELEASED =
            "select count(*) from operation_history where reason = 'its worker stopped'";

    private static Effect terminate(Scene scene) throws Exception {
        var before = scene.cluster().sql().number(RELEASED);
        var running = scene.awaitRunning();
        var asked = System.nanoTime();
        var exit = scene.victim().terminate(DRAIN);
        var millis = (System.nanoTime() - asked) / 1_000_000;
        var released = scene.cluster().sql().number(RELEASED) - before;
        scene.victim().start();
        return new Effect(running > 0 && exit >= 0, "%d running, %d released, exit %d after %d ms".formatted(running,
                released, exit, millis));
    }

    private static Effect freezeBeyondLease(Scene scene) throws Exception {
        var running = scene.awaitRunning();
        Processes.signal(scene.victim().pid(), "STOP");
        try {
            Thread.sleep(scene.leases(1.1));
            scene.await(scene.leases(1).plusSeconds(10), () -> scene.newRescues() > 0);
            Thread.sleep(scene.random().nextInt(1_500));   // others may have begun the operations, or not
        } finally {
            Processes.signal(scene.victim().pid(), "CONT");
        }
        scene.await(scene.leases(1).plusSeconds(10), () -> scene.newLosses() > 0);
        return new Effect(running > 0 && scene.newRescues() > 0 && scene.newLosses() > 0,
                "%d running, %d rescued, declared lost, %d late ends refused".formatted(running, scene.newRescues(),
                scene.newVoidEnds()));
    }

    private static final String VERSIONS = "select coalesce(sum(o.version), 0) from operation o join worker w on w.id "
            + "= o.worker_id where o.status = 'running' and w.";

    private static Effect freezeWithinLease(Scene scene) throws Exception {
        var running = scene.awaitRunning();
        Processes.signal(scene.victim().pid(), "STOP");
        try {
            Thread.sleep(100);   // statements that were under way
            var before = scene.cluster().sql().number(VERSIONS + scene.victim().isWorker());
            Thread.sleep(scene.between(scene.leases(0.2), scene.leases(0.5)));
            var stoodStill = before > 0 && before == scene.cluster().sql().number(VERSIONS + scene.victim().isWorker());
            return new Effect(running > 0 && stoodStill, "%d running stood still, %d rescued".formatted(running,
                    scene.newRescues()));
        } finally {
            Processes.signal(scene.victim().pid(), "CONT");
        }
    }
}
