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

/// One client's stream of one operation.
final class OperationStream {

    private final Subscriber subscriber;
    private final EventStreamWriter events;
    private final SingleLineJson json;
    private final Duration heartbeat;
    private final Set<String> types;
    private final @Nullable LogTail log;
    private long seen;   // version that the client has

    /// @param types which of `state` and `progress` are written; the end always is
    /// @param log   null: without log lines
    OperationStream(Subscriber subscriber, EventStreamWriter events, SingleLineJson json, Duration heartbeat,
            Set<String> types,
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
    /// @param first the snapshot for a new client; null: the client resumes
    /// @param seen  the version that the client has then
    void follow(@Nullable Operation first, long seen) throws IOException, InterruptedException {
        this.seen = seen;
        if (first != null) {
            write(first.version(), new Event("snapshot", json.of(OperationView.of(first))));
        }
        if (log != null) {
            write(seen, null);   // earlier log lines
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
            write(change.get());
            if (change.get().isLast()) {
                return;
            }
        }
    }

    private void write(Change change) throws IOException {
        if (change.stateChange() == null && change.isLast()) {
            write(change.version(), new Event("done", json.of(OperationView.of(change.operation()))));
        } else if (change.stateChange() == null) {
            write(change.version(), types.contains("progress")
                    ? new Event("progress", json.of(OperationView.of(change.operation()))) : null);
        } else {
            write(change.version(), types.contains("state") || change.isLast()
                    ? new Event(EdgeEvent.name(change), json.of(EdgeEvent.of(change))) : null);
        }
    }

    /// Log lines precede the event that was read with them, each with an id of its own.
    ///
    /// @param event null: only log lines
    private void write(long version, @Nullable Event event) throws IOException {
        var all = new ArrayList<Event>(log == null || event != null && event.name().equals("snapshot")
                ? List.of() : log.next(seen));
        if (event != null) {
            all.add(event);
        }
        if (!all.isEmpty()) {
            events.write(log == null ? version : version + "." + log.last(), all.toArray(Event[]::new));
        }
        seen = version;
    }
}
