package dev.longhaul.sse;

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

/// One client's stream of one workflow: every change of state of it and of its operations, and one progress, that of
/// the whole. On the request's own thread.
final class WorkflowStream {

    private final OperationId workflow;
    private final FeedSubscription subscription;
    private final EventStreamWriter events;
    private final SingleLineJson json;
    private final Duration heartbeat;
    private long begun;              // the version of the workflow in the snapshot
    // the newest version of the workflow that the client has; of a progress that was read ahead of the changes before
    // it, too
    private long told;

    WorkflowStream(OperationId workflow, FeedSubscription subscription, EventStreamWriter events, SingleLineJson json,
            Duration heartbeat) {
        this.workflow = workflow;
        this.subscription = subscription;
        this.events = events;
        this.json = json;
        this.heartbeat = heartbeat;
    }

    /// For a client that has nothing yet.
    ///
    /// @return false: it is over, and there is nothing to follow
    boolean begin(Operation now, List<WorkflowNodeView> nodes) throws IOException {
        begun = now.version();
        told = begun;
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
            for (var entry : news.edges()) {
                if (tellsTheEnd(entry)) {
                    return;
                }
            }
            for (var operation : news.progress()) {
                if (operation.id().equals(workflow) && operation.version() > told) {
                    told = operation.version();
                    events.write(null, new Event("progress", json.of(OperationView.of(operation))));
                }
            }
        }
    }

    private boolean tellsTheEnd(ChangeFeed.Entry entry) throws IOException {
        var change = entry.change();
        var isOfTheWhole = change.operation().id().equals(workflow);
        if (isOfTheWhole && change.version() <= begun) {
            return false;
        }
        told = isOfTheWhole ? Math.max(told, change.version()) : told;
        var isEnd = isOfTheWhole && change.isLast();
        events.write(entry.cursor(), new Event(isEnd ? "done" : "state", json.of(EdgeEvent.of(change))));
        return isEnd;
    }
}
