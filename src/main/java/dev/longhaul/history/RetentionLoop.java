package dev.longhaul.history;

import dev.longhaul.live.Loop;
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
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Retires partitions whose operations finished long enough ago: exported first, if they are to be, then taken out
/// whole.
@Component
class RetentionLoop implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(RetentionLoop.class);
    private static final Duration INTERVAL = Duration.ofHours(1);
    private static final Duration NOTHING = Duration.ofMillis(10);
    private static final int REST = 19;

    private final RetentionStore store;
    private final OperationStore operations;
    private final RetentionSettings settings;
    private final JsonMapper json;
    private final Loop loop = new Loop("retention", this::retire);

    RetentionLoop(RetentionStore store, OperationStore operations, RetentionSettings settings, JsonMapper json) {
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

    private Pause retire() throws InterruptedException {
        var finished = settings.keepFinished();
        var failed = settings.keepFailed();
        try {
            if (finished != null && failed != null) {   // both, or neither
                goRound(finished, failed);
            }
        } catch (RuntimeException notNow) {
            log.warn("could not let old operations go; tried again in {}: {}", INTERVAL, notNow.getMessage());
        }
        return Pause.of(INTERVAL);
    }

    /// Each partition that is old enough, the oldest first; then what was retained beyond its partition.
    void goRound(Duration finished, Duration failed) throws InterruptedException {
        var shortest = finished.compareTo(failed) < 0 ? finished : failed;
        var before = store.now().minus(shortest).atZone(ZoneOffset.UTC).toLocalDate();
        for (var partition : store.partitions(before)) {
            if (settings.exportFolder() != null && !store.isExported(partition)) {
                export(partition);   // and leaves in a later round
            } else {
                plan(partition, finished, failed);
                retire(partition, finished, failed);
            }
        }
        while (store.retire(null, finished, failed, settings.mostKept()).retired() instanceof Long left && left > 0) {
            log.info("{} retained operations left", left);
        }
    }

    /// The key keeps rounds and nodes from submitting it twice; one that failed is submitted again when the key is
    /// deleted, a day later.
    private void export(Partition partition) {
        var input = json.createObjectNode().put("day", partition.first().toString())
                .put("until", partition.end().toString()).put("format", settings.exportFormat().name());
        operations.submit(Submission.of("export_day", input).withIdempotencyKey("export of the operations of "
                + partition), new Caller("retention", "engine"));
    }

    /// In short transactions, with rests between that leave 95 of 100 parts of a processor to others.
    private void plan(Partition partition, Duration finished, Duration failed) throws InterruptedException {
        for (var part = 0; part < RetentionStore.PARTS; part++) {
            var begun = System.nanoTime();
            store.plan(partition, part, finished, failed);
            var took = Duration.ofNanos(System.nanoTime() - begun);
            if (took.compareTo(NOTHING) > 0) {
                Thread.sleep(took.multipliedBy(REST));
            }
        }
    }

    private void retire(Partition partition, Duration finished, Duration failed) {
        var done = store.retire(partition, finished, failed, settings.mostKept());
        if (done.retired() != null && done.retired() > 0) {
            log.info("{} operations of {} left, {} are retained", done.retired(), partition, done.retained());
        } else if (done.retained() != null && done.retained() > settings.mostKept()) {
            log.warn("the operations of {} stay: {} of them must, and longhaul.retention.most-kept is {}", partition,
                    done.retained(), settings.mostKept());
        }
    }

    @Override
    public void stop() {
        loop.stop();
    }

    @Override
    public boolean isRunning() {
        return loop.isRunning();
    }
}
