package dev.longhaul.bench.chaos.fault;

import dev.longhaul.bench.chaos.cluster.Cluster;
import dev.longhaul.bench.chaos.cluster.Node;
import dev.longhaul.bench.chaos.cluster.Wait;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.Callable;

/// The cluster as one fault finds it: the node that is hit, and the counts before.
///
/// @param victim      a node at random
/// @param rescues     operations that were taken from lost nodes so far
/// @param connections of the victim to the database so far
/// @param declaredLost how often the victim was declared lost so far
/// @param voidEnds     ends of runs at the victim that were refused so far
public record Scene(Cluster cluster, Random random, Node victim, long rescues, long connections, long declaredLost,
        long voidEnds) {

    /// Of nodes: remote workers die, too.
    private static final String RESCUES = "select count(*) from operation_history h join worker w on w.id = "
            + "h.worker_id where h.reason = 'worker lease expired' and w.kind = 'node'";
    private static final String RUNNING = "select count(*) from operation o join worker w on w.id = o.worker_id "
            + "where o.status = 'running' and w.";

    static Scene of(Cluster cluster, Random random) throws SQLException, IOException {
        var victim = cluster.any(random);
        return new Scene(cluster, random, victim, cluster.sql().number(RESCUES), victim.proxy().connections(),
                declaredLost(victim), voidEnds(victim));
    }

    private static long declaredLost(Node node) throws IOException {
        return node.logged("this node was declared lost");
    }

    private static long voidEnds(Node node) throws IOException {
        return node.logged("the run lost its lease, so its outcome");
    }

    long newRescues() throws SQLException {
        return cluster.sql().number(RESCUES) - rescues;
    }

    long reconnects() {
        return victim.proxy().connections() - connections;
    }

    /// Of the victim.
    long newVoidEnds() throws IOException {
        return voidEnds(victim) - voidEnds;
    }

    /// How often the victim was declared lost since.
    long newLosses() throws IOException {
        return declaredLost(victim) - declaredLost;
    }

    /// Operations that the victim runs.
    long running() throws SQLException {
        return cluster.sql().number(RUNNING + victim.isWorker());
    }

    /// Waits for the victim to run something, a while.
    long awaitRunning() throws InterruptedException, SQLException {
        await(Duration.ofSeconds(10), () -> running() > 0);
        return running();
    }

    boolean await(Duration most, Callable<Boolean> condition) throws InterruptedException {
        return Wait.until(most, condition);
    }

    /// A part of the lease.
    Duration leases(double number) {
        return Duration.ofMillis((long) (cluster.lease().toMillis() * number));
    }

    Duration between(Duration least, Duration most) {
        return Duration.ofMillis(least.toMillis() + (long) (random.nextDouble() * most.minus(least).toMillis()));
    }
}
