package dev.longhaul.engine;

import dev.longhaul.store.WorkerStore;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/// This node as a worker: its name, its id, and its runs.
@Component
class Node {

    /// Much longer than the statement timeout of the engine's connections.
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

    /// Host and port, unless set.
    String name() {
        return name;
    }

    /// The web server has its port by now, so no other process of this name is alive: the operations of earlier ones
    /// are free at once.
    void enter() {
        name = settings.name() == null ? host() + ":" + environment.getProperty("local.server.port", "none")
                : settings.name();
        id = workers.register(name, settings.lease());
        workers.succeed(id, name);
    }

    /// After the node was declared lost: a new id, since the old one stays void.
    void reenter() {
        id = workers.register(name, settings.lease());
    }

    void add(Run run) {
        runs.put(run.runId(), run);
    }

    void remove(Run run) {
        runs.remove(run.runId());
        if (runs.isEmpty()) {
            synchronized (runs) {
                runs.notifyAll();
            }
        }
    }

    /// @return false: the timeout is over, and runs are left
    boolean awaitNoRuns(Duration timeout) throws InterruptedException {
        var until = System.nanoTime() + timeout.toNanos();
        synchronized (runs) {
            while (!runs.isEmpty() && until - System.nanoTime() > 0) {
                TimeUnit.NANOSECONDS.timedWait(runs, until - System.nanoTime());
            }
            return runs.isEmpty();
        }
    }

    /// The answer of a batch was lost: its claims may be committed, now or soon.
    void doubt() {
        inDoubtUntil = System.nanoTime() + DOUBT.toNanos();
    }

    /// Whether the database may have runs that this node does not know.
    boolean isInDoubt() {
        return System.nanoTime() - inDoubtUntil < 0;
    }

    Collection<Run> runs() {
        return runs.values();
    }

    Optional<Run> find(UUID runId) {
        return Optional.ofNullable(runs.get(runId));
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }
}
