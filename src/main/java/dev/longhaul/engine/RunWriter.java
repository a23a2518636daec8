package dev.longhaul.engine;

import dev.longhaul.engine.WriteQueue.WriteBatch;
import dev.longhaul.operation.Failure;
import dev.longhaul.operation.Outcome;
import dev.longhaul.operation.WaitReason;
import dev.longhaul.store.RunStore;
import dev.longhaul.store.RunStore.Claim;
import dev.longhaul.store.RunStore.ClaimRequest;
import dev.longhaul.store.RunStore.End;
import dev.longhaul.store.RunStore.QueueKey;
import dev.longhaul.store.RunStore.Worker;
import dev.longhaul.store.RunStore.WriteResult;
import dev.longhaul.types.TaskRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.stereotype.Component;

/// The one thread of a node that writes for its runs. Each turn is one commit: the newest progress and the finished
/// steps of all runs, the ends of those that ended, and as many new claims as there are free slots. While a turn
/// commits, the next one's news gathers: under load the batches grow by themselves, and on an idle node nothing waits.
@Component
class RunWriter {

    private static final Logger log = LoggerFactory.getLogger(RunWriter.class);
    /// When news of a row that somebody has locked is tried again.
    private static final Duration AGAIN = Duration.ofMillis(500);

    private final RunStore store;
    private final Node node;
    private final Timers alarm;
    private final WriteQueue news;
    private final WaitResolver waiters;
    private final AuditSettings audit;
    private final TaskRegistry tasks;
    private final RunMeters meters;

    RunWriter(RunStore store, Node node, Timers alarm, WriteQueue news, WaitResolver waiters, AuditSettings audit,
            TaskRegistry tasks, RunMeters meters) {
        this.store = store;
        this.node = node;
        this.alarm = alarm;
        this.news = news;
        this.waiters = waiters;
        this.audit = audit;
        this.tasks = tasks;
        this.meters = meters;
    }

    /// What follows from what the database says.
    interface Consequences {

        void begin(Claim claim);

        void order(Run run, Run.StopReason order);
    }

    /// Carries until closed.
    void carryForEver(Consequences runs) {
        while (true) {
            try {
                var load = news.next();
                if (load == null) {
                    return;
                }
                carry(load, runs);
            } catch (InterruptedException stopped) {
                return;
            } catch (RuntimeException | Error unexpected) {
                log.error("the carrier goes on after", unexpected);
            } finally {
                news.handedBack();
            }
        }
    }

    private void carry(WriteBatch load, Consequences runs) throws InterruptedException {
        try {
            take(load, send(load), runs);
        } catch (DataAccessResourceFailureException away) {
            log.warn("the database is away; {} reports and {} ends wait for it: {}", load.reports().size(),
                    load.ends().size(), away.getMessage());
            node.doubt();
            news.putBack(load);
            Thread.sleep(100 + ThreadLocalRandom.current().nextLong(100));
        } catch (DataAccessException refused) {
            node.doubt();
            carryApart(load, runs, refused);
        } catch (VirtualMachineError noMemory) {
            // a task has eaten it; what the database took already it takes for void the second time
            log.error("{} reports and {} ends wait for memory", load.reports().size(), load.ends().size(), noMemory);
            news.putBack(load);
            Thread.sleep(AGAIN);
        }
        news.turnIsOver();
    }

    private WriteResult send(WriteBatch load) {
        var reports = List.copyOf(load.reports().values());
        var ends = load.ends().entrySet().stream()
                .map(end -> new End(end.getKey().id(), end.getKey().runId(), end.getValue(), end.getKey().progress(),
                        end.getKey().log().pending())).toList();
        var wanted = load.wanted().entrySet().stream()
                .collect(Collectors.toMap(want -> new QueueKey("", want.getKey()), Map.Entry::getValue));
        var turn = new ClaimRequest(new Worker(node.id(), node.name(), "engine"), reports, ends, wanted);
        return meters.turn(() -> store.carry(List.of(turn), load.limited(), tasks.runnable().orElse(null),
                audit.logLines()));
    }

    private void take(WriteBatch load, WriteResult carried, Consequences runs) {
        load.reports().forEach((run, report) -> {
            if (!carried.accepted().contains(run.runId())) {
                runs.order(run, Run.StopReason.LEASE_LOST);
                return;
            }
            run.carried(report);
            tellParent(run);
            if (carried.cancelRequested().contains(run.runId())) {
                runs.order(run, Run.StopReason.CANCEL);
            }
        });
        load.ends().forEach((run, outcome) -> {
            if (!carried.accepted().contains(run.runId())) {
                log.warn("operation {}: its lease was lost, so its outcome {} is void", run.id(),
                        outcome.getClass().getSimpleName());
            } else {
                meters.ended(run, outcome);
            }
            if (outcome instanceof Outcome.Waits waits && waits.waitsFor() != WaitReason.TIME) {
                waiters.look(run.id());
            }
            tellParent(run);
            node.remove(run);
        });
        news.claimed(load, carried.claims());
        carried.claims().forEach(runs::begin);
    }

    private void tellParent(Run run) {
        var parent = run.claim().operation().parentId();
        if (parent != null) {
            waiters.moved(parent);
        }
    }

    /// Something in the batch cannot be written: each part goes alone, and only the one that is at fault waits or
    /// fails.
    private void carryApart(WriteBatch load, Consequences runs, DataAccessException refused)
            throws InterruptedException {
        if (load.reports().size() + load.ends().size() + load.wanted().size() > 1) {
            log.debug("a batch was refused and is carried in parts", refused);
            for (var report : load.reports().entrySet()) {
                carry(new WriteBatch(Map.of(report.getKey(), report.getValue()), Map.of(), Map.of(), Set.of()), runs);
            }
            for (var end : load.ends().entrySet()) {
                carry(new WriteBatch(Map.of(), Map.of(end.getKey(), end.getValue()), Map.of(), Set.of()), runs);
            }
            for (var want : load.wanted().entrySet()) {
                carry(new WriteBatch(Map.of(), Map.of(), Map.of(want.getKey(), want.getValue()), load.limited()), runs);
            }
        } else if (isInTheWay(refused)) {
            log.info("a row is locked or the database is busy; its news waits: {}",
                    refused.getMostSpecificCause().getMessage());
            alarm.in(AGAIN, () -> news.putBack(load));
        } else {
            failAlone(load, runs, refused);
        }
    }

    /// Spring knows no name for PostgreSQL's `lock_not_available`.
    private static boolean isInTheWay(DataAccessException refused) {
        return refused instanceof TransientDataAccessException
                || refused.getMostSpecificCause() instanceof SQLException cause && "55P03".equals(cause.getSQLState());
    }

    private void failAlone(WriteBatch load, Consequences runs, DataAccessException refused) {
        log.error("the database refuses to write a run's news", refused);
        load.ends().forEach((run, outcome) -> {
            if (outcome instanceof Outcome.Failed(var failure) && failure.type().equals("unwritable")) {
                node.remove(run);   // even its failure is refused; its lease will tell
            } else {
                news.end(run, new Outcome.Failed(Failure.of("unwritable", "the outcome could not be written: "
                        + refused.getMostSpecificCause().getMessage())));
            }
        });
        load.reports().keySet().forEach(run -> runs.order(run, Run.StopReason.LEASE_LOST));
    }

    /// Waits until no run is left, or the time is over.
    boolean awaitEmpty(Duration patience) throws InterruptedException {
        var until = System.nanoTime() + patience.toNanos();
        while (System.nanoTime() < until) {
            if (node.runs().isEmpty()) {
                return true;
            }
            Thread.sleep(10);
        }
        return node.runs().isEmpty();
    }
}
