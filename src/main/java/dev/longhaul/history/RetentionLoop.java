package dev.longhaul.history;

import dev.longhaul.live.LoopLifecycle;
import dev.longhaul.live.Loop.Pause;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Submission;
import dev.longhaul.store.OperationStore;
import dev.longhaul.store.RetentionStore;
import dev.longhaul.store.RetentionStore.Partition;
import java.time.Duration;
import java.time.ZoneOffset;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Retires partitions whose operations have exceeded their retention, after an export if one is configured.
@Component
class RetentionLoop extends LoopLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RetentionLoop.class);
    private static final Duration INTERVAL = Duration.ofHours(1);
    private static final Duration MIN_PAUSED = Duration.ofMillis(10);
    private static final int PAUSE_FACTOR = 19;

    private final RetentionStore store;
    private final OperationStore operations;
    private final RetentionSettings settings;
    private final JsonMapper json;

    RetentionLoop(RetentionStore store, OperationStore operations, RetentionSettings settings, JsonMapper json) {
        super("retention");
        this.store = store;
        this.operations = operations;
        this.settings = settings;
        this.json = json;
    }

    @Override
    public void start() {
        if (settings.keepFinished() != null) {
            loop.start();
        }
    }

    @Override
    protected Pause round() throws InterruptedException {
        var finished = settings.keepFinished();
        var failed = settings.keepFailed();
        try {
            if (finished != null && failed != null) {   // set together
                purge(finished, failed);
            }
        } catch (RuntimeException failure) {
            log.warn("could not delete old operations; next attempt in {}: {}", INTERVAL, failure.getMessage());
        }
        return Pause.of(INTERVAL);
    }

    /// Retires each partition that is old enough, oldest first, then operations that were retained beyond theirs.
    void purge(Duration finished, Duration failed) throws InterruptedException {
        var shortest = finished.compareTo(failed) < 0 ? finished : failed;
        var before = store.now().minus(shortest).atZone(ZoneOffset.UTC).toLocalDate();
        for (var partition : store.partitions(before)) {
            if (settings.exportFolder() != null && !store.isExported(partition)) {
                export(partition);   // retired in a later round
            } else {
                plan(partition, finished, failed);
                retire(partition, finished, failed);
            }
        }
        while (store.retire(null, finished, failed, settings.maxRetainedPerDay()).retired() instanceof Long left
                && left > 0) {
            log.info("deleted {} operations that had been retained beyond their partition", left);
        }
    }

    /// The idempotency key prevents a second export by another round or node. A failed export is submitted again when
    /// the key expires after a day.
    private void export(Partition partition) {
        var input = json.createObjectNode().put("day", partition.first().toString())
                .put("until", partition.end().toString()).put("format", settings.exportFormat().name());
        operations.submit(Submission.of("export_day", input)
                .withIdempotencyKey("export of the operations of " + partition), new Caller("retention", "engine"));
    }

    /// In short transactions, with pauses that limit the load to 5 % of a processor.
    private void plan(Partition partition, Duration finished, Duration failed) throws InterruptedException {
        for (var part = 0; part < RetentionStore.PARTS; part++) {
            var startedAt = System.nanoTime();
            store.plan(partition, part, finished, failed);
            var took = Duration.ofNanos(System.nanoTime() - startedAt);
            if (took.compareTo(MIN_PAUSED) > 0) {
                Thread.sleep(took.multipliedBy(PAUSE_FACTOR));
            }
        }
    }

    private void retire(Partition partition, Duration finished, Duration failed) {
        var done = store.retire(partition, finished, failed, settings.maxRetainedPerDay());
        if (done.retired() != null && done.retired() > 0) {
            log.info("deleted {} operations of {}; {} are retained", done.retired(), partition, done.retained());
        } else if (done.retained() != null && done.retained() > settings.maxRetainedPerDay()) {
            log.warn("did not delete the operations of {}: {} must be retained, "
                    + "longhaul.retention.max-retained-per-day is {}", partition,
                    done.retained(), settings.maxRetainedPerDay());
        }
    }
}
