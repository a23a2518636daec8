package dev.longhaul.engine;

import dev.longhaul.store.WorkerStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// Starts the loops, and stops them without losing anything.
@Component
class Engine implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(Engine.class);

    private final Node node;
    private final RunWriter carrier;
    private final WriteQueue news;
    private final TaskRunner runner;
    private final LeaseHeartbeat heart;
    private final MaintenanceLoop caretaker;
    private final WaitResolver waiters;
    private final ConcurrencyDispatcher turns;
    private final WorkerStore workers;
    private final EngineSettings settings;
    private final List<Thread> loops = new CopyOnWriteArrayList<>();
    private volatile boolean running;

    Engine(Node node, RunWriter carrier, WriteQueue news, TaskRunner runner, LeaseHeartbeat heart,
            MaintenanceLoop caretaker, WaitResolver waiters, ConcurrencyDispatcher turns, WorkerStore workers,
           EngineSettings settings) {
        this.node = node;
        this.carrier = carrier;
        this.news = news;
        this.runner = runner;
        this.heart = heart;
        this.caretaker = caretaker;
        this.waiters = waiters;
        this.turns = turns;
        this.workers = workers;
        this.settings = settings;
    }

    @Override
    public void start() {
        if (!settings.enabled()) {
            return;
        }
        node.enter();
        caretaker.rescue();
        news.setClaiming(true);
        loop("carrier", () -> carrier.carryForEver(runner));
        loop("heart", heart::beatForEver);
        loop("caretaker", caretaker::lookForEver);
        loop("waiters", waiters::lookForEver);
        loop("turns", turns::giveForEver);
        running = true;
        log.info("worker {} at work: {} slots, lease {}", node.name(), settings.slots(), settings.lease());
    }

    private void loop(String name, Runnable body) {
        loops.add(Thread.ofPlatform().name(name).daemon().start(body));
    }

    /// The loops that ended though nobody told them to.
    List<String> deadLoops() {
        return running ? loops.stream().filter(loop -> !loop.isAlive()).map(Thread::getName).toList() : List.of();
    }

    /// Claims end at once. Tasks leave at their next checkpoint or end within the grace time; the rest is released, not
    /// failed.
    @Override
    public void stop() {
        running = false;
        try {
            news.setClaiming(false);
            news.awaitHandedBack(settings.grace());   // what is being claimed is told to leave, too
            order(Run.StopReason.LEAVE_AT_CHECKPOINT);
            if (!carrier.awaitEmpty(settings.grace())) {
                order(Run.StopReason.RELEASE);
                carrier.awaitEmpty(settings.cancelGrace().multipliedBy(2).plusSeconds(2));
            }
            workers.leave(node.id());
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException away) {
            log.warn("could not leave in order; the lease will run out instead", away);
        }
        news.close();
        loops.forEach(Thread::interrupt);
        loops.clear();
        log.info("worker {} left", node.name());
    }

    private void order(Run.StopReason order) {
        List.copyOf(node.runs()).forEach(run -> runner.order(run, order));
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /// After the web server has its port, and stops before it.
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE - 100;
    }
}
