package dev.longhaul.sse;

import dev.longhaul.live.FeedSubscription;
import dev.longhaul.operation.OperationId;
import dev.longhaul.query.ListedOperation;
import dev.longhaul.reference.SingleLineJson;
import dev.longhaul.web.EventStreamWriter.Event;
import dev.longhaul.web.EventStreamWriter;
import dev.longhaul.web.OperationView;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One client's stream of many operations.
final class FeedStream {

    /// How many of the newest operations a snapshot shows.
    static final int SNAPSHOT = 100;

    private final FeedSubscription subscription;
    private final Set<String> types;
    private final EventStreamWriter events;
    private final SingleLineJson json;
    private final Duration heartbeat;
    // versions in the snapshot, which the feed may repeat
    private final Map<OperationId, Long> shown = new HashMap<>();

    FeedStream(FeedSubscription subscription, Set<String> types, EventStreamWriter events, SingleLineJson json,
            Duration heartbeat) {
        this.subscription = subscription;
        this.types = types;
        this.events = events;
        this.json = json;
        this.heartbeat = heartbeat;
    }

    /// Tells a client to discard its state. Without an id: a client that loses the connection before the snapshot
    /// reconnects with its old id and gets `reset` again.
    void reset() throws IOException {
        events.write(null,
                new Event("reset",
                json.of(Map.of("reason", "the events after the last event id are no longer retained"))));
    }

    /// Until the client or the node ends.
    ///
    /// @param first the snapshot for a new client; null: the client resumes
    void follow(@Nullable List<ListedOperation> first) throws IOException, InterruptedException {
        if (first != null) {
            first.forEach(operation -> shown.put(operation.id(), operation.version()));
            events.write(subscription.cursor(), new Event("snapshot",
                    json.of(Map.of("operations", first.stream().map(OperationView::of).toList()))));
        }
        while (true) {
            var news = StreamHeartbeat.until(heartbeat, events, subscription::next, came -> !came.isEmpty(),
                    subscription::isClosed);
            if (news.isEmpty()) {
                events.writeRandomRetry();
                return;
            }
            tell(news);
        }
    }

    private void tell(FeedSubscription.FeedBatch news) throws IOException {
        if (types.contains("state")) {
            for (var entry : news.edges()) {
                if (entry.change().version() > shown.getOrDefault(entry.change().operation().id(), 0L)) {
                    events.write(entry.cursor(),
                            new Event(EdgeEvent.name(entry.change()), json.of(EdgeEvent.of(entry.change()))));
                }
            }
        }
        if (types.contains("progress")) {
            for (var operation : news.progress()) {
                events.write(null, new Event("progress", json.of(OperationView.of(operation))));
            }
        }
    }
}
