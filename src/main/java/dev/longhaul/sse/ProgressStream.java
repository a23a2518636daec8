package dev.longhaul.sse;

import dev.longhaul.live.Change;
import dev.longhaul.live.Subscriber;
import dev.longhaul.operation.Operation;
import dev.longhaul.reference.InitialReportFilter;
import dev.longhaul.reference.ReferenceView;
import dev.longhaul.reference.SingleLineJson;
import dev.longhaul.web.EventStreamWriter.Event;
import dev.longhaul.web.EventStreamWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One client's stream of one operation for the reference interface, until the operation, the client or the node ends.
final class ProgressStream {

    private final Subscriber subscriber;
    private final EventStreamWriter events;
    private final SingleLineJson json;
    private final Duration heartbeat;
    private @Nullable ReferenceView last;

    ProgressStream(Subscriber subscriber, EventStreamWriter events, SingleLineJson json, Duration heartbeat) {
        this.subscriber = subscriber;
        this.events = events;
        this.json = json;
        this.heartbeat = heartbeat;
    }

    /// For a new client.
    void fromNow(Operation operation) throws IOException, InterruptedException {
        if (!writesEnd(InitialReportFilter.await(operation, subscriber))) {
            follow();
        }
    }

    /// For a client that resumes, and for one that has the present state.
    void follow() throws IOException, InterruptedException {
        while (true) {
            var change = StreamHeartbeat.until(heartbeat, events, subscriber::next, Optional::isPresent,
                    subscriber::isClosed);
            if (change.isEmpty()) {
                events.writeRandomRetry();
                return;
            }
            if (writesEnd(change.get())) {
                return;
            }
        }
    }

    private boolean writesEnd(Change change) throws IOException {
        var now = ReferenceView.of(change);
        var progress = new Event("progress", json.of(now));
        if (change.isLast()) {
            events.write(now.version(), progress, end(now));
        } else if (last == null || !now.looksLike(last)) {
            events.write(now.version(), progress);
        }
        last = now;
        return change.isLast();
    }

    private Event end(ReferenceView end) {
        if (!end.status().equals("failed")) {
            return new Event("done", json.of(Map.of("status", end.status())));
        }
        return new Event("error", json.of(new TreeMap<>(Map.of("error", end.error() == null ? "failed" : end.error(),
                "status", end.status()))));
    }
}
