package dev.longhaul.engine;

import dev.longhaul.operation.Outcome;
import dev.longhaul.operation.WaitReason;
import dev.longhaul.store.RunStore.End;
import dev.longhaul.store.RunStore.Report;
import dev.longhaul.store.RunStore.Worker;
import dev.longhaul.store.RunStore.WriteResult;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.stereotype.Component;

/// This node as a source of writes. Its runs get the result of each batch.
@Component
class NodeRuns implements WriteSource {

    private static final Logger log = LoggerFactory.getLogger(NodeRuns.class);
    private static final Set<String> CLAIM_GROUPS = Set.of("");
    private static final Duration RETRY = Duration.ofMillis(500);

    private final Node node;
    private final WriteQueue queue;
    private final TaskRunner runner;
    private final WaitResolver waits;
    private final Timers timers;
    private final RunMeters meters;

    NodeRuns(Node node, WriteQueue queue, TaskRunner runner, WaitResolver waits, Timers timers, RunMeters meters) {
        this.node = node;
        this.queue = queue;
        this.runner = runner;
        this.waits = waits;
        this.timers = timers;
        this.meters = meters;
    }

    @Override
    public Worker worker() {
        return new Worker(node.id(), node.name(), "engine");
    }

    @Override
    public int free() {
        return queue.freeSlots();
    }

    @Override
    public Set<String> claimGroups() {
        return CLAIM_GROUPS;
    }

    @Override
    public @Nullable Set<String> queues() {
        return null;
    }

    @Override
    public boolean hasFailed() {
        return false;
    }

    @Override
    public void written(WritePart part, WriteResult result) {
        part.reports().forEach(report -> node.find(report.runId()).ifPresent(run -> reported(run, report, result)));
        part.ends().forEach(end -> node.find(end.runId()).ifPresent(run -> ended(run, end, result)));
        if (!part.wanted().isEmpty()) {
            var claims = part.claims(result);
            queue.slotsTaken(claims.size());
            claims.forEach(runner::begin);
        }
    }

    private void reported(Run run, Report report, WriteResult result) {
        if (!result.accepted().contains(run.runId())) {
            runner.stop(run, StopReason.LEASE_LOST);
            return;
        }
        run.written(report);
        notifyParent(run);
        if (result.cancelRequested().contains(run.runId())) {
            runner.stop(run, StopReason.CANCEL);
        }
    }

    private void ended(Run run, End end, WriteResult result) {
        if (result.accepted().contains(run.runId())) {
            meters.ended(run, end.outcome());
        } else {
            log.warn("operation {}: the run lost its lease, so its outcome {} is void", run.id(),
                    end.outcome().getClass().getSimpleName());
        }
        if (end.outcome() instanceof Outcome.Waits wait && wait.waitsFor() != WaitReason.TIME) {
            waits.check(run.id());
        }
        notifyParent(run);
        node.remove(run);
    }

    private void notifyParent(Run run) {
        var parent = run.claim().operation().parentId();
        if (parent != null) {
            waits.childChanged(parent);
        }
    }

    @Override
    public void postponed(WritePart part, DataAccessException reason) {
        timers.in(RETRY, () -> {
            part.reports().forEach(report -> node.find(report.runId()).ifPresent(queue::report));
            part.ends().forEach(end -> node.find(end.runId()).ifPresent(run -> queue.endAgain(run, end.outcome())));
            queue.ready(part.wanted().keySet());
        });
    }

    /// A run whose end cannot be written, not even as a failure, is left to the end of its lease.
    @Override
    public void refused(WritePart part, DataAccessException reason) {
        part.reports().forEach(report ->
                node.find(report.runId()).ifPresent(run -> runner.stop(run, StopReason.LEASE_LOST)));
        part.ends().forEach(end -> node.find(end.runId()).ifPresent(node::remove));
    }
}
