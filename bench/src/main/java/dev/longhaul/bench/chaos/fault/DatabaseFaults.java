package dev.longhaul.bench.chaos.fault;

import dev.longhaul.bench.chaos.cluster.Node;
import dev.longhaul.bench.chaos.cluster.Processes;
import dev.longhaul.bench.chaos.fault.Fault.Effect;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// What happens to PostgreSQL and to its sessions.
final class DatabaseFaults {

    static final List<Fault> ALL = List.of(new Fault("immediate stop of PostgreSQL", DatabaseFaults::stopImmediately),
            new Fault("kill -9 of a backend", DatabaseFaults::killBackend),
            new Fault("pg_terminate_backend of sessions", DatabaseFaults::terminateSessions),
            new Fault("pg_terminate_backend of listeners", DatabaseFaults::terminateListeners),
            new Fault("SIGSTOP of a backend", DatabaseFaults::freezeBackend));

    private static final Duration RECONNECTS = Duration.ofSeconds(20);

    private DatabaseFaults() {
    }

    private static long connections(Scene scene) {
        return scene.cluster().nodes().stream().map(Node::proxy).mapToLong(proxy -> proxy.connections()).sum();
    }

    private static Effect stopImmediately(Scene scene) throws Exception {
        var before = connections(scene);
        scene.cluster().postgres().stopImmediately();
        Thread.sleep(500 + scene.random().nextInt(3_000));
        scene.cluster().postgres().start();
        return restarted(scene, before);
    }

    /// PostgreSQL then ends all sessions, recovers, and goes on.
    private static Effect killBackend(Scene scene) throws Exception {
        var before = connections(scene);
        var victims = scene.cluster().postgres().sessions("true");
        var pid = victims.get(scene.random().nextInt(victims.size()));
        Processes.signal(pid, "KILL");
        scene.await(RECONNECTS, () -> Collections.disjoint(victims, scene.cluster().postgres().sessions("true")));
        return restarted(scene, before);
    }

    private static Effect restarted(Scene scene, long before) throws InterruptedException {
        var all = scene.await(RECONNECTS, () -> scene.cluster().nodes().stream()
                .allMatch(node -> node.proxy().open() > 0) && connections(scene) > before);
        return new Effect(all, "%d new connections".formatted(connections(scene) - before));
    }

    private static Effect terminateSessions(Scene scene) throws Exception {
        var before = connections(scene);
        var sessions = new ArrayList<>(scene.cluster().postgres().sessions("state <> 'idle' or application_name = "
                + "'longhaul engine'"));
        Collections.shuffle(sessions, scene.random());
        return terminate(scene, sessions.subList(0, Math.min(sessions.size(), 1 + scene.random().nextInt(5))), before);
    }

    private static Effect terminateListeners(Scene scene) throws Exception {
        return terminate(scene, scene.cluster().postgres().sessions("application_name = 'longhaul listener'"),
                connections(scene));
    }

    private static Effect terminate(Scene scene, List<Long> pids, long before) throws Exception {
        var terminated = 0L;
        for (var pid : pids) {
            terminated += scene.cluster().sql().number("select pg_terminate_backend(?::int)::int", pid);
        }
        var all = terminated;
        var isBack = all > 0 && scene.await(RECONNECTS, () -> connections(scene) > before);
        return new Effect(isBack, "%d sessions ended, %d new connections".formatted(all,
                connections(scene) - before));
    }

    /// Of the engine's connections only the writer's has transactions of several statements.
    private static final String IS_WRITER = "application_name = 'longhaul engine' and query = 'COMMIT'";

    /// A connection that is silent without an error: until its node has noticed, or longer than two leases.
    private static Effect freezeBackend(Scene scene) throws Exception {
        var hanging = hangs(scene);
        var writers = scene.cluster().postgres().sessions(IS_WRITER);
        var sessions = writers.isEmpty() || scene.random().nextInt(4) == 0
                ? scene.cluster().postgres().sessions("application_name like 'longhaul%'") : writers;
        var pid = sessions.get(scene.random().nextInt(sessions.size()));
        var port = (int) scene.cluster().sql().number("select client_port from pg_stat_activity where pid = ?", pid);
        Processes.signal(pid, "STOP");
        try {
            Thread.sleep(scene.leases(1));
            scene.await(scene.leases(2).plusSeconds(10), () -> scene.newRescues() > 0 || isGivenUp(scene, port)
                    || hangs(scene) > hanging);
        } finally {
            Processes.signal(pid, "CONT");
        }
        return new Effect(scene.newRescues() > 0 || isGivenUp(scene, port) || hangs(scene) > hanging,
                "connection %s, %d leases given up, %d rescued".formatted(isGivenUp(scene, port) ? "given up" : "kept",
                hangs(scene) - hanging, scene.newRescues()));
    }

    private static boolean isGivenUp(Scene scene, int port) {
        return scene.cluster().nodes().stream().noneMatch(node -> node.proxy().isOpen(port));
    }

    /// How often a node found that its writer hangs.
    private static long hangs(Scene scene) throws IOException {
        var hangs = 0L;
        for (var node : scene.cluster().nodes()) {
            hangs += node.logged("the run writer has not come back for");
        }
        return hangs;
    }
}
