package dev.longhaul.history;

import dev.longhaul.live.Loop;
import dev.longhaul.live.Loop.Pause;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Submission;
import dev.longhaul.store.OperationStore;
import dev.longhaul.store.RetentionStore;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Lets days go whose operations have been over for long enough: exported first, if they are to be, then taken out
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

    /// Each day that is old enough, the oldest first; then what had stayed longer than its day.
    void goRound(Duration finished, Duration failed) throws InterruptedException {
        var shortest = finished.compareTo(failed) < 0 ? finished : failed;
        var before = store.now().minus(shortest).atZone(ZoneOffset.UTC).toLocalDate();
        for (var day : store.days(before)) {
            if (settings.exportFolder() != null && !store.isExported(day)) {
                export(day);   // and goes with a later round
            } else {
                look(day, finished, failed);
                retire(day, finished, failed);
            }
        }
        while (store.retire(null, finished, failed, settings.mostKept()).left() instanceof Long left && left > 0) {
            log.info("{} operations that stayed longer than their days left", left);
        }
    }

    /// The key keeps rounds and nodes from asking twice; one that failed is asked for again when the key is forgotten,
    /// a day later.
    private void export(LocalDate day) {
        var input = json.createObjectNode().put("day", day.toString()).put("format", settings.exportFormat().name());
        operations.submit(Submission.of("export_day", input).withIdempotencyKey("export of the operations of " + day),
                new Caller("retention", "engine"));
    }

    /// In short transactions, with rests between that leave 95 of 100 parts of a processor to those who work.
    private void look(LocalDate day, Duration finished, Duration failed) throws InterruptedException {
        for (var part = 0; part < RetentionStore.PARTS; part++) {
            var begun = System.nanoTime();
            store.look(day, part, finished, failed);
            var took = Duration.ofNanos(System.nanoTime() - begun);
            if (took.compareTo(NOTHING) > 0) {
                Thread.sleep(took.multipliedBy(REST));
            }
        }
    }

    private void retire(LocalDate day, Duration finished, Duration failed) {
        var retired = store.retire(day, finished, failed, settings.mostKept());
        if (retired.left() != null && retired.left() > 0) {
            log.info("{} operations of {} left, {} stay longer", retired.left(), day, retired.kept());
        } else if (retired.kept() != null && retired.kept() > settings.mostKept()) {
            log.warn("the operations of {} stay: {} of them must, and longhaul.retention.most-kept is {}", day,
                    retired.kept(), settings.mostKept());
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
