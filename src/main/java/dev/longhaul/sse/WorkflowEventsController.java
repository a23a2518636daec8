package dev.longhaul.sse;

import dev.longhaul.live.ChangeFeed;
import dev.longhaul.live.FeedCursor;
import dev.longhaul.operation.OperationId;
import dev.longhaul.reference.SingleLineJson;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.EventStreams;
import dev.longhaul.web.OperationNotFound;
import dev.longhaul.web.ProblemKind;
import dev.longhaul.workflow.Workflows;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The event stream of a workflow and its operations.
@RestController
class WorkflowEventsController {

    private final Workflows workflows;
    private final ChangeFeed feed;
    private final SingleLineJson json;
    private final SseSettings settings;

    WorkflowEventsController(Workflows workflows, ChangeFeed feed, SingleLineJson json, SseSettings settings) {
        this.workflows = workflows;
        this.feed = feed;
        this.json = json;
        this.settings = settings;
    }

    /// `snapshot` (the operation and its nodes), then `state` for every change of state of the workflow and of its
    /// operations, `progress` of the workflow, and at the end `done`. Ids are positions in the order of all changes.
    /// 400: invalid id or `Last-Event-ID`; 404: no such workflow; 204: it has ended and the client has its last event.
    @Endpoint(value = "Stream the events of a workflow and its operations", also = 204, body = String.class,
            problems = ProblemKind.NO_SUCH_OPERATION, description = """
            Server-sent events: `snapshot` with the operation and its nodes, `state` for every change of state of the
            workflow and of its operations, `progress` of the workflow, and at the end `done`. A client that resumes
            with `Last-Event-ID` misses no change of state.""")
    @GetMapping(path = "/api/v1/workflows/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    void streamWorkflowEvents(@PathVariable String id,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String header,
                  @RequestParam(name = "last_event_id", required = false) @Nullable String lastEventId,
                          HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        var workflow = OperationId.parse(id);
        var operation = workflows.find(workflow).orElseThrow(() -> new OperationNotFound(workflow));
        var seen = header == null ? lastEventId : header;
        var from = seen == null || seen.isEmpty() ? null : FeedCursor.parse(seen);
        var resumes = from != null && feed.knows(from);
        if (resumes && operation.isOver() && feed.isUpToDate(from, workflow)) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return;
        }
        EventStreams.serve("workflow " + id, request, response, events -> {
            try (var subscription = feed.subscribe(resumes ? from : null, one -> workflow.equals(one.id())
                    || workflow.equals(one.parentId()))) {
                var stream = new WorkflowStream(workflow, subscription, events, json, settings.heartbeat());
                if (resumes || stream.begin(workflows.find(workflow).orElseThrow(), workflows.nodes(workflow))) {
                    stream.follow();
                }
            }
        });
    }
}
