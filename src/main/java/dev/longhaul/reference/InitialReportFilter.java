package dev.longhaul.reference;

import dev.longhaul.live.Subscriber;
import dev.longhaul.live.Subscribers;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.Status;
import java.time.Duration;
import org.springframework.stereotype.Component;

/// Holds back what would only say "0 %, nothing yet" of an operation that was submitted a moment ago.
///
/// The reference's samples begin with step 1, while its clients ask within milliseconds of the start, before a worker
/// has the operation. One second is ten times what claim and first report need on a busy machine, and less than any
/// client's patience.
@Component
public class InitialReportFilter {

    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Subscribers watchers;

    InitialReportFilter(Subscribers watchers) {
        this.watchers = watchers;
    }

    /// Waits for the first report, for the rest of the operation's first second.
    ///
    /// @return whether it waited, so that `operation` is out of date
    public boolean await(Operation operation) {
        if (!isDue(operation)) {
            return false;
        }
        try (var watcher = watchers.subscribe(operation.id(), operation.version())) {
            await(operation, watcher);
        } catch (InterruptedException impatient) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    /// As [#await(Operation)], for one who watches already.
    ///
    /// @return the newest the watcher was given, which is `operation` if nothing came
    public static Operation await(Operation operation, Subscriber watcher) throws InterruptedException {
        var newest = operation;
        var until = System.nanoTime() + patience(operation).toNanos();
        while (isSilent(newest)) {
            var change = watcher.next(Duration.ofNanos(until - System.nanoTime()));
            if (change.isEmpty()) {
                break;
            }
            newest = change.get().operation();
        }
        return newest;
    }

    private static boolean isDue(Operation operation) {
        return isSilent(operation) && patience(operation).isPositive();
    }

    /// By the database's clock; what is parked is not about to begin.
    private static Duration patience(Operation operation) {
        return operation.delayed()
                ? Duration.ZERO : PATIENCE.minus(Duration.between(operation.createdAt(), operation.readAt()));
    }

    private static boolean isSilent(Operation operation) {
        var progress = operation.progress();
        return (operation.status() == Status.PENDING || operation.status() == Status.RUNNING) && progress.percent() == 0
                && progress.message() == null;
    }
}
