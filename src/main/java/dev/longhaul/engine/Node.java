package dev.longhaul.engine;

import dev.longhaul.store.WorkerStore;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/// This node as a worker: its name, its present id, and the runs it has.
@Component
class Node {

    /// Much longer than a statement of the engine's may take.
    private static final Duration DOUBT = Duration.ofMinutes(1);

    private final WorkerStore workers;
    private final EngineSettings settings;
    private final Environment environment;
    private final Map<UUID, Run> runs = new ConcurrentHashMap<>();
    private volatile UUID id = new UUID(0, 0);
    private volatile String name = "unnamed";
    private volatile long inDoubtUntil = System.nanoTime();

    Node(WorkerStore workers, EngineSettings settings, Environment environment) {
        this.workers = workers;
        this.settings = settings;
        this.environment = environment;
    }

    UUID id() {
        return id;
    }

    /// Host and port, unless set. For people, and for the successor of this process.
    String name() {
        return name;
    }

    /// The web server has its port by now, so no other process of this host and name is alive: what its predecessors
    /// held is free at once.
    void enter() {
        name = settings.name() == null ? host() + ":" + environment.getProperty("local.server.port", "none")
                : settings.name();
        id = workers.register(name, settings.lease());
        workers.succeed(id, name);
    }

    /// After it was declared lost: a new id, since the old one is void for ever.
    void reenter() {
        id = workers.register(name, settings.lease());
    }

    void add(Run run) {
        runs.put(run.runId(), run);
    }

    void remove(Run run) {
        runs.remove(run.runId());
    }

    /// A turn's answer was lost: what it claimed may be committed, at once or as soon as its server gets to it.
    void doubt() {
        inDoubtUntil = System.nanoTime() + DOUBT.toNanos();
    }

    /// Whether the database may know of runs that this node has never heard of.
    boolean isInDoubt() {
        return System.nanoTime() - inDoubtUntil < 0;
    }

    Collection<Run> runs() {
        return runs.values();
    }

    boolean has(UUID runId) {
        return runs.containsKey(runId);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }
}
