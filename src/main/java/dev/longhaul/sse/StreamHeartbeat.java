package dev.longhaul.sse;

import dev.longhaul.web.EventStreamWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;

/// Waits for the next events and writes heartbeats meanwhile.
final class StreamHeartbeat {

    private static final Duration GAP = Duration.ofMillis(200);

    private StreamHeartbeat() {
    }

    /// Where events come from.
    interface Source<T> {
        T next(Duration timeout) throws InterruptedException;
    }

    /// @param isNews whether a result of the source has events
    /// @return events; none if the source has ended
    static <T> T until(Duration beat, EventStreamWriter events, Source<T> source, Predicate<T> isNews,
            BooleanSupplier hasEnded)
            throws IOException, InterruptedException {
        while (true) {
            var came = source.next(beat);
            if (isNews.test(came) || hasEnded.getAsBoolean()) {
                return came;
            }
            events.beginHeartbeat();
            came = source.next(GAP);
            events.endHeartbeat();
            if (isNews.test(came)) {
                return came;
            }
        }
    }
}
