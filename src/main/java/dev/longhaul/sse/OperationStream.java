package dev.longhaul.sse;

import dev.longhaul.live.Change;
import dev.longhaul.live.Subscriber;
import dev.longhaul.operation.Operation;
import dev.longhaul.reference.SingleLineJson;
import dev.longhaul.web.EventStreamWriter.Event;
import dev.longhaul.web.EventStreamWriter;
import dev.longhaul.web.OperationView;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One client's stream of one operation in our own dialect, on the request's own thread.
final class OperationStream {

    private final Subscriber subscriber;
    private final EventStreamWriter events;
    private final SingleLineJson json;
    private final Duration heartbeat;
    private final Set<String> types;
    private final @Nullable LogTail log;

    /// @param types `state` and `progress`: which of them are told; the end always is
    /// @param log   null: log lines are not
    OperationStream(Subscriber subscriber, EventStreamWriter events, SingleLineJson json, Duration heartbeat, Set<String> types,
            @Nullable LogTail log) {
        this.subscriber = subscriber;
        this.events = events;
        this.json = json;
        this.heartbeat = heartbeat;
        this.types = types;
        this.log = log;
    }

    /// Until the operation, the client or the node ends.
    ///
    /// @param first what a client that has nothing yet begins with; null: it has what its subscriber has seen
    /// @param seen  the version that it has then
    void follow(@Nullable Operation first, long seen) throws IOException, InterruptedException {
        if (first != null) {
            write(first.version(), new Event("snapshot", json.of(OperationView.of(first))));
        }
        if (log != null) {
            write(seen, null);   // what was logged before
        }
        if (first != null && first.isOver()) {
            write(first.version(), new Event("done", json.of(OperationView.of(first))));
            return;
        }
        while (true) {
            var change = StreamHeartbeat.until(heartbeat, events, subscriber::next, Optional::isPresent,
                    subscriber::isClosed);
            if (change.isEmpty()) {
                events.writeRandomRetry();
                return;
            }
            tell(change.get());
            if (change.get().isLast()) {
                return;
            }
        }
    }

    private void tell(Change change) throws IOException {
        if (change.stateChange() == null) {
            write(change.version(), types.contains("progress")
                    ? new Event("progress", json.of(OperationView.of(change.operation()))) : null);
        } else {
            write(change.version(), types.contains("state") || change.isLast()
                    ? new Event(EdgeEvent.name(change), json.of(EdgeEvent.of(change))) : null);
        }
    }

    /// What was logged goes before what came with it.
    ///
    /// @param event null: only what was logged
    private void write(long version, @Nullable Event event) throws IOException {
        var all = new ArrayList<Event>(log == null || event != null && event.name().equals("snapshot")
                ? List.of() : log.next());
        if (event != null) {
            all.add(event);
        }
        if (!all.isEmpty()) {
            events.write(log == null ? version : version + "." + log.last(), all.toArray(Event[]::new));
        }
    }
}
