package dev.longhaul.engine;

import dev.longhaul.engine.WriteRequest.Answer;
import dev.longhaul.live.Loop;
import dev.longhaul.live.Loop.Pause;
import dev.longhaul.operation.Failure;
import dev.longhaul.operation.Outcome;
import dev.longhaul.operation.Progress;
import dev.longhaul.store.LostConnections;
import dev.longhaul.store.RunStore;
import dev.longhaul.store.RunStore.Claim;
import dev.longhaul.store.RunStore.End;
import dev.longhaul.store.RunStore.QueueKey;
import dev.longhaul.store.RunStore.WriteResult;
import dev.longhaul.types.TaskRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.ContextClosedEvent;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.stereotype.Component;

/// The one writer of runs: those of this node and those of remote workers. Each batch is one commit: the newest
/// progress and the finished steps of all runs, the ends, and the next claims.
@Component
public class RunWriter implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RunWriter.class);
    private static final String UNWRITABLE = "unwritable";

    private final RunStore store;
    private final Node node;
    private final NodeRuns nodeRuns;
    private final WriteQueue queue;
    private final AuditSettings audit;
    private final TaskRegistry tasks;
    private final RunMeters meters;
    private final List<Consumer<Set<UUID>>> onReports = new CopyOnWriteArrayList<>();
    private final Loop loop = new Loop("run writer", this::writeNext);
    private volatile long writingSince;   // 0: no commit is under way

    RunWriter(RunStore store, Node node, NodeRuns nodeRuns, WriteQueue queue, AuditSettings audit, TaskRegistry tasks,
            RunMeters meters) {
        this.store = store;
        this.node = node;
        this.nodeRuns = nodeRuns;
        this.queue = queue;
        this.audit = audit;
        this.tasks = tasks;
        this.meters = meters;
    }

    /// Returns when the entries of the request are in the database and, if it claims, something was claimed or the
    /// time is over.
    ///
    /// @param wait how long a request waits for something to claim
    /// @throws DataAccessException if the database did not accept the entries
    public Answer write(WriteRequest request, Duration wait) throws InterruptedException {
        queue.withRequests(requests -> requests.add(request));
        try {
            if (request.claims()) {
                request.await(wait);
            }
        } finally {
            queue.withRequests(requests -> requests.stopWaiting(request));
        }
        return request.answer();
    }

    /// @param listener gets the workers whose runs reported: each report renews the lease of its worker
    public void onReports(Consumer<Set<UUID>> listener) {
        onReports.add(listener);
    }

    /// The workers whose requests wait for something to claim.
    public Set<UUID> waitingWorkers() {
        return queue.waitingWorkers();
    }

    /// All requests of this worker fail.
    public void fail(UUID worker, RuntimeException reason) {
        queue.withRequests(requests -> requests.fail(worker, reason));
    }

    /// The requests of this worker that wait for something to claim are answered now.
    public void stopWaiting(UUID worker) {
        queue.withRequests(requests -> requests.stopWaiting(worker));
    }

    /// What remote workers can claim, as a look at the table found it.
    ///
    /// @param limited the queues among them with a limit on all workers together
    public void found(Collection<QueueKey> ready, Set<String> limited) {
        queue.foundRemote(ready, limited);
    }

    /// The time since the present commit began; zero while there is none.
    Duration busy() {
        var since = writingSince;
        return since == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
    }

    boolean isAlive() {
        return loop.isAlive();
    }

    private Pause writeNext() throws InterruptedException {
        var batch = queue.next(nodeRuns);
        var claims = new ArrayList<Claim>();
        try {
            write(batch, claims);   // also one without entries: a claim of an unavailable database is no empty claim
        } catch (RuntimeException | Error unexpected) {
            batch.parts().forEach(part -> {
                if (part.source() instanceof WriteRequest request) {
                    request.fail(unexpected);
                }
            });
            throw unexpected;
        } finally {
            queue.settle(batch, claims, node.id());
        }
        return Pause.NONE;
    }

    private void write(WriteBatch batch, List<Claim> claims) throws InterruptedException {
        WriteResult result;
        try {
            result = meters.batch(() -> commit(batch));
        } catch (DataAccessException failed) {
            node.doubt();
            if (isUnavailable(failed)) {
                log.warn("database unavailable; {} entries wait: {}", batch.size(), failed.getMessage());
                postpone(batch, failed);
                pause();
            } else {
                writeApart(batch, claims, failed);
            }
            return;
        } catch (VirtualMachineError noMemory) {
            // a task has used it up; entries that the database accepted are void the second time
            log.error("no memory; {} entries wait", batch.size(), noMemory);
            postpone(batch, new DataAccessResourceFailureException("no memory", noMemory));
            pause();
            return;
        }
        claims.addAll(result.claims());
        batch.parts().forEach(part -> apply(() -> part.source().written(part, result)));
        apply(() -> reported(result.heard()));
    }

    /// The database has the batch: a failure here must not write it again, nor keep other parts from their result.
    private static void apply(Runnable result) {
        try {
            result.run();
        } catch (RuntimeException unexpected) {
            log.error("the result of a committed write could not be applied", unexpected);
        }
    }

    private WriteResult commit(WriteBatch batch) {
        writingSince = System.nanoTime();
        try {
            return store.write(batch.requests(), batch.limitedQueues(), tasks.runnable().orElse(null),
                    audit.logLines());
        } finally {
            writingSince = 0;
        }
    }

    private void reported(Set<UUID> workers) {
        var remote = new HashSet<>(workers);
        remote.remove(node.id());
        remote.remove(null);   // a tracked operation has no worker
        if (!remote.isEmpty()) {
            onReports.forEach(listener -> listener.accept(remote));
        }
    }

    private static void postpone(WriteBatch batch, DataAccessException reason) {
        batch.parts().forEach(part -> part.source().postponed(part, reason));
    }

    private static void pause() throws InterruptedException {
        Thread.sleep(100 + ThreadLocalRandom.current().nextLong(100));
    }

    /// Some entry cannot be written: the batch is split until only that entry waits or fails.
    private void writeApart(WriteBatch batch, List<Claim> claims, DataAccessException refused)
            throws InterruptedException {
        if (batch.size() > 1) {
            log.debug("a batch was refused and is split", refused);
            for (var piece : batch.split()) {
                write(piece, claims);
            }
        } else if (isTransient(refused)) {
            log.info("a row is locked or the database is busy; one entry waits: {}",
                    refused.getMostSpecificCause().getMessage());
            postpone(batch, refused);
        } else {
            log.error("the database refuses an entry", refused);
            for (var part : batch.parts()) {
                refuse(part, claims, refused);
            }
        }
    }

    /// `read_only_sql_transaction` is the answer of a standby that is not promoted yet.
    private static boolean isUnavailable(DataAccessException failed) {
        return failed instanceof DataAccessResourceFailureException || LostConnections.isLost(failed)
                || isOf("25006", failed);
    }

    /// Spring has no exception for PostgreSQL's `lock_not_available`.
    private static boolean isTransient(DataAccessException refused) {
        return refused instanceof TransientDataAccessException || isOf("55P03", refused);
    }

    private static boolean isOf(String state, DataAccessException failed) {
        return failed.getMostSpecificCause() instanceof SQLException cause && state.equals(cause.getSQLState());
    }

    /// An end that the database refuses becomes a failure, so that the operation does not run again for ever.
    private void refuse(WritePart part, List<Claim> claims, DataAccessException refused) throws InterruptedException {
        var end = part.ends().isEmpty() ? null : part.ends().getFirst();
        if (end == null || isUnwritable(end)) {
            part.source().refused(part, refused);
            return;
        }
        var failure = new Outcome.Failed(Failure.of(UNWRITABLE, "the outcome could not be written: "
                + refused.getMostSpecificCause().getMessage()));
        var failed = new End(end.id(), end.runId(), failure,
                end.progress() == null ? null : Progress.percent(end.progress().percent(), ""), List.of());
        write(new WriteBatch(List.of(new WritePart(part.source(), List.of(), List.of(failed), Map.of())), Set.of()),
                claims);
    }

    private static boolean isUnwritable(End end) {
        return end.outcome() instanceof Outcome.Failed(var failure) && failure.type().equals(UNWRITABLE);
    }

    @Override
    public void start() {
        queue.withRequests(requests -> requests.setClosed(false));
        loop.start();
    }

    /// Waiting claims are answered at once, so that the web server need not wait for them.
    @EventListener(ContextClosedEvent.class)
    public void close() {
        queue.withRequests(requests -> requests.setClosed(true));
    }

    @Override
    public void stop() {
        close();
        loop.stop();
    }

    @Override
    public boolean isRunning() {
        return loop.isRunning();
    }

    /// Starts before the web server and the engine, and ends after both.
    @Override
    public int getPhase() {
        return 2;
    }
}
