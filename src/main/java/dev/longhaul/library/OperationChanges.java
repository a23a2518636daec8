package dev.longhaul.library;

import dev.longhaul.live.Change;
import dev.longhaul.live.Subscriber;
import dev.longhaul.operation.Operation;
import java.time.Duration;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/// The changes of an operation as a stream, until its end.
final class OperationChanges extends Spliterators.AbstractSpliterator<Operation> {

    private final Subscriber subscriber;
    private final Duration round;
    private boolean ended;

    OperationChanges(Subscriber subscriber, Duration round) {
        super(Long.MAX_VALUE, Spliterator.ORDERED | Spliterator.NONNULL);
        this.subscriber = subscriber;
        this.round = round;
    }

    Stream<Operation> stream() {
        return StreamSupport.stream(this, false).onClose(subscriber::close);
    }

    @Override
    public boolean tryAdvance(Consumer<? super Operation> action) {
        while (!ended && !subscriber.isClosed()) {
            var change = next();
            if (change != null) {
                ended = change.isLast();
                if (ended) {
                    subscriber.close();
                }
                action.accept(change.operation());
                return true;
            }
        }
        subscriber.close();
        return false;
    }

    private @Nullable Change next() {
        try {
            return subscriber.next(round).orElse(null);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            ended = true;
            return null;
        }
    }
}
