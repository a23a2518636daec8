package dev.longhaul.reference;

import dev.longhaul.live.Change;
import dev.longhaul.live.Subscriber;
import dev.longhaul.live.Subscribers;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.Status;
import java.time.Duration;
import org.springframework.stereotype.Component;

/// Delays the first response about a new operation until its first report, so that it does not only say "0 %".
///
/// The reference's samples begin with step 1, but its clients ask within milliseconds of the submission, before the
/// operation is claimed. One second is ten times the duration of claim and first report on a busy machine, and less
/// than any client's timeout.
@Component
public class InitialReportFilter {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    private final Subscribers subscribers;

    InitialReportFilter(Subscribers subscribers) {
        this.subscribers = subscribers;
    }

    /// Waits for the first report until the operation is one second old.
    ///
    /// @return whether it waited, so that `operation` is out of date
    public boolean await(Operation operation) {
        if (!isNew(operation)) {
            return false;
        }
        try (var subscriber = subscribers.subscribe(operation.id(), operation.version())) {
            await(operation, subscriber);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
        return true;
    }

    /// As [#await(Operation)], with an existing subscriber.
    ///
    /// @return the newest change; `operation` if no report came
    public static Change await(Operation operation, Subscriber subscriber) throws InterruptedException {
        var newest = new Change(operation, null, operation.isOver());
        var until = System.nanoTime() + timeout(operation).toNanos();
        while (isSilent(newest.operation())) {
            var change = subscriber.next(Duration.ofNanos(until - System.nanoTime()));
            if (change.isEmpty()) {
                break;
            }
            newest = change.get();
        }
        return newest;
    }

    private static boolean isNew(Operation operation) {
        return isSilent(operation) && timeout(operation).isPositive();
    }

    /// By the database's clock; zero for a delayed operation, which does not start soon.
    private static Duration timeout(Operation operation) {
        return operation.delayed()
                ? Duration.ZERO : TIMEOUT.minus(Duration.between(operation.createdAt(), operation.readAt()));
    }

    private static boolean isSilent(Operation operation) {
        var progress = operation.progress();
        return (operation.status() == Status.PENDING || operation.status() == Status.RUNNING) && progress.percent() == 0
                && progress.message() == null;
    }
}
