package dev.longhaul.worker;

import dev.longhaul.engine.AuditSettings;
import dev.longhaul.live.Loop;
import dev.longhaul.live.NotificationHandler;
import dev.longhaul.live.NotificationListener;
import dev.longhaul.store.RemoteWorkerStore;
import dev.longhaul.store.RunStore;
import dev.longhaul.store.RunStore.Claim;
import dev.longhaul.store.RunStore.WriteResult;
import dev.longhaul.worker.WriteRequest.Answer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.stereotype.Component;

/// The one thread of a node that writes for remote workers. Each turn is one commit for all who wait at the
/// [WriteRequestQueue]: what their runs say, how they ended, and what they claim. While a turn commits, the next one's
/// visits gather.
@Component
class RemoteRunWriter implements NotificationHandler, SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RemoteRunWriter.class);
    private static final Duration AGAIN = Duration.ofMillis(100);

    private final RunStore runs;
    private final RemoteWorkerStore workers;
    private final WorkerCache roster;
    private final AuditSettings audit;
    private final WriteRequestQueue counter = new WriteRequestQueue();
    private final Loop loop = new Loop("desk", this::turn);

    RemoteRunWriter(RunStore runs, RemoteWorkerStore workers, WorkerCache roster, AuditSettings audit,
            NotificationListener listener) {
        this.runs = runs;
        this.workers = workers;
        this.roster = roster;
        this.audit = audit;
        listener.add(this);
    }

    /// Returns when what the visit has to tell is in the database and, if it claims, something was claimed or the time
    /// is over.
    ///
    /// @throws WorkerLost          if the worker that claims was declared lost
    /// @throws DataAccessException if the database did not take it
    Answer visit(WriteRequest visit, Duration patience) throws InterruptedException {
        counter.arrive(visit);
        try {
            if (!visit.claims() || patience.isZero()) {
                counter.stopWaiting(visit);
                return visit.answer.get();
            }
            return visit.answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException over) {
            counter.stopWaiting(visit);
            return settled(visit);
        } catch (InterruptedException gone) {
            counter.stopWaiting(visit);
            throw gone;
        } catch (ExecutionException failed) {
            throw thrown(failed);
        }
    }

    private static Answer settled(WriteRequest visit) throws InterruptedException {
        try {
            return visit.answer.get();
        } catch (ExecutionException failed) {
            throw thrown(failed);
        }
    }

    private static RuntimeException thrown(ExecutionException failed) {
        if (failed.getCause() instanceof RuntimeException cause) {
            return cause;
        }
        return new IllegalStateException(failed.getCause());
    }

    private void turn() throws InterruptedException {
        if (counter.awaitVisits()) {
            look();
        }
        beat(counter.present());
        var load = counter.next();
        if (!load.isEmpty()) {
            carry(load);
        }
    }

    private void look() throws InterruptedException {
        try {
            counter.looked(workers.look());
        } catch (DataAccessException away) {
            log.warn("could not look for what waits for remote workers: {}", away.getMessage());
            Thread.sleep(AGAIN);
        }
    }

    private void beat(Set<UUID> present) {
        try {
            counter.lost(roster.beat(present, false));
        } catch (DataAccessException away) {
            log.warn("the leases of remote workers could not be renewed: {}", away.getMessage());
        }
    }

    private void carry(RemoteWriteBatch load) throws InterruptedException {
        try {
            var turns = load.visits().stream().map(visit -> visit.turn(load.wanted(visit))).toList();
            settle(load, runs.carry(turns, load.counted(), Set.of(), audit.logLines()));
        } catch (DataAccessResourceFailureException away) {
            fail(load, away);   // in parts each would wait for a connection of its own
        } catch (DataAccessException refused) {
            if (load.visits().size() > 1) {
                log.debug("a turn was refused and is carried in parts", refused);
                for (var part : load.parts()) {
                    carry(part);
                }
            } else {
                fail(load, refused);
            }
        } catch (RuntimeException | Error unexpected) {
            counter.failed(load, unexpected);
            throw unexpected;
        }
    }

    private void fail(RemoteWriteBatch load, DataAccessException refused) throws InterruptedException {
        log.warn("the words of {} remote workers could not be written: {}", load.visits().size(),
                refused.getMostSpecificCause().getMessage());
        counter.failed(load, refused);
        Thread.sleep(AGAIN);
    }

    private void settle(RemoteWriteBatch load, WriteResult carried) {
        var byWorker = new HashMap<UUID, List<Claim>>();
        carried.claims().forEach(claim -> byWorker.computeIfAbsent(claim.worker(), _ -> new ArrayList<>()).add(claim));
        counter.settled(load, new Answer(List.of(), carried.accepted(), carried.cancelRequested(), carried.paused()),
                byWorker);
        beat(heard(load, carried.heard()));
    }

    /// Whoever reports is alive, also a worker that does nothing else for an hour.
    private static Set<UUID> heard(RemoteWriteBatch load, Set<UUID> reporters) {
        var heard = new HashSet<>(reporters);
        load.visits().stream().map(WriteRequest::worker).filter(Objects::nonNull).forEach(heard::remove);
        return heard;
    }

    @Override
    public void remoteReady(String type, String queue) {
        counter.ready(type, queue);
    }

    @Override
    public void drained(UUID worker, boolean isDraining) {
        roster.drained(worker, isDraining);
        counter.sendHome(worker);
    }

    @Override
    public void missed() {
        counter.lookSoon();
    }

    @Override
    public void start() {
        workers.spareThoseWhoCouldNotBeat();
        counter.open();
        loop.start();
    }

    /// Those who wait are sent home at once, so that the web server need not wait for them.
    @EventListener(ContextClosedEvent.class)
    public void close() {
        counter.close();
    }

    @Override
    public void stop() {
        counter.close();
        loop.stop();
    }

    @Override
    public boolean isRunning() {
        return loop.isRunning();
    }

    /// Before the web server, and before the engine looks for lost workers; ends after both.
    @Override
    public int getPhase() {
        return 2;
    }
}
