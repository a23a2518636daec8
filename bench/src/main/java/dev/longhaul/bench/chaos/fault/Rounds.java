package dev.longhaul.bench.chaos.fault;

import dev.longhaul.bench.chaos.cluster.Cluster;
import dev.longhaul.bench.chaos.cluster.Node;
import dev.longhaul.bench.chaos.cluster.Wait;
import dev.longhaul.bench.chaos.journal.Entry.NodeFault;
import dev.longhaul.bench.chaos.journal.Journal;
import java.time.Duration;
import java.time.LocalTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// One fault after the other, each as often as the others; one that had no effect is repeated and counted apart.
public final class Rounds {

    private static final Duration RECOVERY = Duration.ofSeconds(90);
    private static final int TRIES = 4;

    private final Cluster cluster;
    private final Journal journal;
    private final Random random;
    private final List<Fault> faults;
    private final Map<String, int[]> counts = new LinkedHashMap<>();   // rounds that bit, and that did not
    private int bitten;

    /// @param faults those to inject
    public Rounds(Cluster cluster, Journal journal, long seed, List<Fault> faults) {
        this.cluster = cluster;
        this.journal = journal;
        this.random = new Random(seed + 2);
        this.faults = faults;
        faults.forEach(fault -> counts.put(fault.name(), new int[2]));
    }

    /// Until so many rounds bit, or the time is over.
    public void run(int most, Duration time) throws Exception {
        var end = System.nanoTime() + time.toNanos();
        var left = new ArrayList<Fault>();
        while (bitten < most && System.nanoTime() < end) {
            if (left.isEmpty()) {
                left.addAll(faults);
                Collections.shuffle(left, random);
            }
            var fault = left.removeLast();
            for (var tries = 0; tries < TRIES && !round(fault); tries++) {
                if (System.nanoTime() > end) {
                    return;
                }
            }
        }
    }

    /// @return true: the fault was seen to have an effect
    private boolean round(Fault fault) throws Exception {
        var begin = System.nanoTime();
        var scene = Scene.of(cluster, random);
        var effect = fault.injection().into(scene);
        var healing = System.nanoTime();
        for (var node : cluster.nodes()) {
            if (!node.awaitHealthy(RECOVERY)) {
                fail(node, fault);
            }
        }
        counts.get(fault.name())[effect.bit() ? 0 : 1]++;
        bitten += effect.bit() ? 1 : 0;
        System.out.printf("%s  round %d  %s at %s: %s (%s), %.1f s, healthy after %.1f s%n",
                LocalTime.now().truncatedTo(ChronoUnit.SECONDS), bitten, fault.name(), scene.victim(),
                effect.bit() ? "bit" : "did NOT bite", effect.seen(), (healing - begin) / 1e9,
                (System.nanoTime() - healing) / 1e9);
        Thread.sleep(random.nextInt(1_000));
        return effect.bit();
    }

    private void fail(Node node, Fault fault) throws Exception {
        var text = node.endedByItself() ? "its process ended by itself after: " : "it is not healthy long after: ";
        journal.add(new NodeFault(node.toString(), text + fault.name()));
        System.out.println("VIOLATION: " + node + ": " + text + fault.name());
        node.kill();
        node.start();
        Wait.until(RECOVERY, node::isHealthy);
    }

    public int bitten() {
        return bitten;
    }

    /// Rounds that bit, and that did not, by fault.
    public Map<String, int[]> counts() {
        return counts;
    }
}
