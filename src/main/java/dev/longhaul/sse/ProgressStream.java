package dev.longhaul.sse;

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

/// One client's stream of one operation, on the request's own thread, until the operation, the client or the node ends.
final class ProgressStream {

    private final Subscriber subscriber;
    private final EventStreamWriter events;
    private final SingleLineJson json;
    private final Duration heartbeat;
    private @Nullable ReferenceView told;

    ProgressStream(Subscriber subscriber, EventStreamWriter events, SingleLineJson json, Duration heartbeat) {
        this.subscriber = subscriber;
        this.events = events;
        this.json = json;
        this.heartbeat = heartbeat;
    }

    /// For a client that has nothing yet.
    void fromNow(Operation operation) throws IOException, InterruptedException {
        tell(ReferenceView.of(InitialReportFilter.await(operation, subscriber)));
        follow();
    }

    /// For one that has what its subscriber has seen, and for one that was told the present.
    void follow() throws IOException, InterruptedException {
        while (told == null || !told.isOver()) {
            var change = StreamHeartbeat.until(heartbeat, events, subscriber::next, Optional::isPresent,
                    subscriber::isClosed);
            if (change.isEmpty()) {
                events.writeRandomRetry();
                return;
            }
            tell(ReferenceView.of(change.get()));
        }
    }

    private void tell(ReferenceView now) throws IOException {
        if (told != null && now.looksLike(told)) {
            return;
        }
        told = now;
        var progress = new Event("progress", json.of(now));
        if (now.isOver()) {
            events.write(now.version(), progress, end(now));
        } else {
            events.write(now.version(), progress);
        }
    }

    private Event end(ReferenceView last) {
        if (!last.status().equals("failed")) {
            return new Event("done", json.of(Map.of("status", last.status())));
        }
        return new Event("error",
                json.of(new TreeMap<>(Map.of("error", last.error() == null ? "failed" : last.error(), "status",
                last.status()))));
    }
}
