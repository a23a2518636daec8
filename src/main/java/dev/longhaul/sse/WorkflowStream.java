package dev.longhaul.sse;

import dev.longhaul.live.Change;
import dev.longhaul.live.ChangeFeed;
import dev.longhaul.live.FeedSubscription;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.reference.SingleLineJson;
import dev.longhaul.web.EventStreamWriter.Event;
import dev.longhaul.web.EventStreamWriter;
import dev.longhaul.web.OperationView;
import dev.longhaul.workflow.WorkflowNodeView;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One client's stream of one workflow: every change of state of it and of its operations, and the progress of the
/// workflow.
final class WorkflowStream {

    private final OperationId workflow;
    private final FeedSubscription subscription;
    private final EventStreamWriter events;
    private final SingleLineJson json;
    private final Duration heartbeat;
    private long snapshotVersion;    // of the workflow
    // newest version of the workflow that the client has; progress may be read ahead of earlier changes
    private long lastVersion;

    WorkflowStream(OperationId workflow, FeedSubscription subscription, EventStreamWriter events, SingleLineJson json,
            Duration heartbeat) {
        this.workflow = workflow;
        this.subscription = subscription;
        this.events = events;
        this.json = json;
        this.heartbeat = heartbeat;
    }

    /// For a new client.
    ///
    /// @return false: the workflow has ended, and no event follows
    boolean begin(Operation now, List<WorkflowNodeView> nodes) throws IOException {
        snapshotVersion = now.version();
        lastVersion = snapshotVersion;
        events.write(subscription.cursor(), new Event("snapshot",
                json.of(Map.of("operation", OperationView.of(now), "nodes", nodes))));
        if (now.isOver()) {
            events.write(subscription.cursor(), new Event("done", json.of(OperationView.of(now))));
        }
        return !now.isOver();
    }

    /// Until the workflow, the client or the node ends.
    void follow() throws IOException, InterruptedException {
        while (true) {
            var news = StreamHeartbeat.until(heartbeat, events, subscription::next, came -> !came.isEmpty(),
                    subscription::isClosed);
            if (news.isEmpty()) {
                events.writeRandomRetry();
                return;
            }
            var end = end(news.edges());
            for (var entry : news.edges()) {
                if (entry != end) {
                    write(entry);
                }
            }
            if (end != null) {   // last, though its operations may have ended in the same transaction
                events.write(news.edges().getLast().cursor(), new Event("done", json.of(EdgeEvent.of(end.change()))));
                return;
            }
            for (var operation : news.progress()) {
                if (operation.id().equals(workflow) && operation.version() > lastVersion) {
                    lastVersion = operation.version();
                    events.write(null, new Event("progress", json.of(OperationView.of(operation))));
                }
            }
        }
    }

    /// @return the end of the workflow; null: it goes on
    private ChangeFeed.@Nullable Entry end(List<ChangeFeed.Entry> edges) {
        return edges.reversed().stream().filter(entry -> isOfWorkflow(entry.change())).findFirst()
                .filter(entry -> entry.change().isLast()).orElse(null);
    }

    private void write(ChangeFeed.Entry entry) throws IOException {
        var change = entry.change();
        if (isOfWorkflow(change)) {
            if (change.version() <= snapshotVersion) {
                return;
            }
            lastVersion = Math.max(lastVersion, change.version());
        }
        events.write(entry.cursor(), new Event("state", json.of(EdgeEvent.of(change))));
    }

    private boolean isOfWorkflow(Change change) {
        return change.operation().id().equals(workflow);
    }
}
