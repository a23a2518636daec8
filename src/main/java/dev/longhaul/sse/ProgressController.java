package dev.longhaul.sse;

import dev.longhaul.live.Subscribers;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.reference.InitialReportFilter;
import dev.longhaul.reference.ReferenceView;
import dev.longhaul.reference.SingleLineJson;
import dev.longhaul.store.OperationStore;
import dev.longhaul.web.EventStreamWriter;
import dev.longhaul.web.EventStreams;
import dev.longhaul.web.OperationNotFound;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.OptionalLong;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RestController;

/// The reference interface's `/progress`. It writes the stream itself: an SseEmitter has an unbounded queue, and one
/// stalled client blocked its sender for 60 s.
@RestController
class ProgressController {

    private final OperationStore store;
    private final Subscribers subscribers;
    private final InitialReportFilter firstReport;
    private final SingleLineJson json;
    private final SseSettings settings;

    ProgressController(OperationStore store, Subscribers subscribers, InitialReportFilter firstReport,
            SingleLineJson json,
            SseSettings settings) {
        this.store = store;
        this.subscribers = subscribers;
        this.firstReport = firstReport;
        this.json = json;
        this.settings = settings;
    }

    /// The operation as it is now. 400: invalid id; 404: no such operation.
    @GetMapping("/progress/{id}")
    ResponseEntity<ReferenceView> snapshot(@PathVariable String id) {
        var operation = find(id);
        return ResponseEntity.ok().header("Cache-Control", "no-store")
                .body(ReferenceView.of(firstReport.await(operation) ? find(id) : operation));
    }

    /// Every change until the end. 400: invalid id, or a `Last-Event-ID` that is not of this stream; 404: no such
    /// operation; 204: the operation has ended and the client has its last event.
    @GetMapping("/progress/{id}/stream")
    void stream(@PathVariable String id, HttpServletRequest request, HttpServletResponse response) throws IOException {
        var operation = find(id);
        var seen = LastEventId.parse(request.getHeader("Last-Event-ID"), operation.version());
        if (operation.isOver() && seen.equals(OptionalLong.of(operation.version()))) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return;
        }
        EventStreams.serve("operation " + id, request, response, events -> stream(operation, seen, events));
    }

    private void stream(Operation operation, OptionalLong seen, EventStreamWriter events)
            throws IOException, InterruptedException {
        try (var subscriber = subscribers.subscribe(operation.id(), seen.orElse(operation.version()))) {
            var stream = new ProgressStream(subscriber, events, json, settings.heartbeat());
            if (seen.isPresent()) {
                stream.follow();
            } else {
                stream.fromNow(operation);
            }
        }
    }

    private Operation find(String id) {
        var operationId = OperationId.parse(id);
        return store.find(operationId).orElseThrow(() -> new OperationNotFound(operationId));
    }
}
