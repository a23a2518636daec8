package dev.longhaul.sse;

import dev.longhaul.dialect.JsonLine;
import dev.longhaul.live.Change;
import dev.longhaul.live.Watcher;
import dev.longhaul.operation.Operation;
import dev.longhaul.query.OperationView;
import dev.longhaul.sse.EventWriter.Event;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// One client's stream of one operation in our own dialect, on the request's own thread.
final class OperationStream {

    private final Watcher watcher;
    private final EventWriter events;
    private final JsonLine json;
    private final Duration heartbeat;

    OperationStream(Watcher watcher, EventWriter events, JsonLine json, Duration heartbeat) {
        this.watcher = watcher;
        this.events = events;
        this.json = json;
        this.heartbeat = heartbeat;
    }

    /// Until the operation, the client or the node ends.
    ///
    /// @param first what a client that has nothing yet begins with; null: it has what its watcher has seen
    void follow(@Nullable Operation first) throws IOException, InterruptedException {
        if (first != null) {
            events.write(first.version(), new Event("snapshot", json.of(OperationView.of(first))));
            if (first.isOver()) {
                events.write(first.version(), new Event("done", json.of(OperationView.of(first))));
                return;
            }
        }
        while (true) {
            var change = Heartbeat.until(heartbeat, events, watcher::next, Optional::isPresent, watcher::isClosed);
            if (change.isEmpty()) {
                events.sayComeBack();
                return;
            }
            tell(change.get());
            if (change.get().isLast()) {
                return;
            }
        }
    }

    private void tell(Change change) throws IOException {
        events.write(change.version(), change.edge() == null
                ? new Event("progress", json.of(OperationView.of(change.operation())))
                : new Event(Edge.name(change), json.of(Edge.of(change))));
    }
}
