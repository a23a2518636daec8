package dev.longhaul.sse;

import dev.longhaul.live.ChangeFeed;
import dev.longhaul.live.FeedCursor;
import dev.longhaul.live.Subscribers;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.query.Filter;
import dev.longhaul.query.OperationList;
import dev.longhaul.reference.SingleLineJson;
import dev.longhaul.store.DatabaseClock;
import dev.longhaul.store.LogStore;
import dev.longhaul.store.OperationStore;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.EventStreamWriter;
import dev.longhaul.web.EventStreams;
import dev.longhaul.web.OperationNotFound;
import dev.longhaul.web.ProblemKind;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Event streams of `/api/v1`. No event is named `error`: an EventSource would treat it as a broken connection.
@RestController
class EventsController {

    private static final Duration SNAPSHOT_TIMEOUT = Duration.ofSeconds(1);   // then it has what was found
    private static final Set<String> TYPES = Set.of("state", "progress");
    private static final Set<String> OPERATION_TYPES = Set.of("state", "progress", "log");

    private final OperationStore store;
    private final LogStore logs;
    private final OperationList list;
    private final Subscribers subscribers;
    private final ChangeFeed feed;
    private final SingleLineJson json;
    private final SseSettings settings;
    private final DatabaseClock clock;

    EventsController(OperationStore store, LogStore logs, OperationList list, Subscribers subscribers, ChangeFeed feed,
            SingleLineJson json, SseSettings settings, DatabaseClock clock) {
        this.store = store;
        this.logs = logs;
        this.list = list;
        this.subscribers = subscribers;
        this.feed = feed;
        this.json = json;
        this.settings = settings;
        this.clock = clock;
    }

    /// `snapshot`, then `state` for every change of state and `progress`, until `done`; also `log` if it is among the
    /// types. Ids are versions of the operation; with `log` a dot and the number of the last line follow. 400: invalid
    /// id, or a `Last-Event-ID` that is not of this stream; 404: no such operation; 204: the operation has ended and
    /// the client has its last event.
    ///
    /// @param types       any of `state`, `progress` and `log`, separated by commas
    /// @param lastEventId an EventSource cannot set a header when it first connects
    @Endpoint(value = "Stream the events of an operation", also = 204, body = String.class,
            problems = ProblemKind.NO_SUCH_OPERATION, description = """
            Server-sent events: `snapshot`, then `state` for every change of state and `progress`, until `done`. With
            `types=state,progress,log` also a `log` event for every log line. To resume, send the last id as
            `Last-Event-ID`.""")
    @GetMapping(path = "/api/v1/operations/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    void streamOperationEvents(@PathVariable String id,
            @RequestParam(defaultValue = "state,progress") Set<String> types,
                   @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String header,
                   @RequestParam(name = "last_event_id", required = false) @Nullable String lastEventId,
                           HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        var operationId = OperationId.parse(id);
        var operation = store.find(operationId).orElseThrow(() -> new OperationNotFound(operationId));
        if (types.isEmpty() || !OPERATION_TYPES.containsAll(types)) {
            throw new IllegalArgumentException("types must be some of state, progress and log, not "
                    + String.join(",", types));
        }
        var last = header == null ? lastEventId : header;
        var seen = LastEventId.parse(last, operation.version());
        if (operation.isOver() && seen.equals(OptionalLong.of(operation.version()))) {
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return;
        }
        EventStreams.serve("operation " + id, request, response, events -> follow(operation, seen, types,
                types.contains("log") ? new LogTail(logs, operationId, LastEventId.line(last), json) : null, events));
    }

    private void follow(Operation operation, OptionalLong seen, Set<String> types, @Nullable LogTail log,
            EventStreamWriter events) throws IOException, InterruptedException {
        try (var subscriber = subscribers.subscribe(operation.id(), seen.orElse(operation.version()))) {
            new OperationStream(subscriber, events, json, settings.heartbeat(), types, log)
                    .follow(seen.isPresent() ? null : operation, seen.orElse(operation.version()));
        }
    }

    /// All operations that pass the filter: `snapshot` of the newest, then `state` or `done` for every change of state,
    /// in the same order on every node, and `progress`. It does not end. Ids are positions in that order; `progress`
    /// has none. A client whose position is older than the retained events gets `reset` and a new `snapshot`. 400:
    /// invalid filter, type or id.
    ///
    /// @param types `state`, `progress` or both, separated by a comma
    @Endpoint(value = "Stream the events of all operations that a filter finds", body = String.class,
            problems = ProblemKind.INVALID_FILTER, description = """
            Server-sent events: `snapshot` of the newest operations, then `state`, `done` and `progress` of each;
            `reset` for a client whose last id is older than the retained events.""")
    @GetMapping(path = "/api/v1/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    void streamEvents(@RequestParam(defaultValue = "") String filter,
            @RequestParam(defaultValue = "state,progress") Set<String> types,
             @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String header,
             @RequestParam(name = "last_event_id", required = false) @Nullable String lastEventId,
                     HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        var parsed = Filter.parse(filter);
        if (types.isEmpty() || !TYPES.containsAll(types)) {
            throw new IllegalArgumentException("types must be state, progress or both, not " + String.join(",", types));
        }
        var seen = header == null ? lastEventId : header;
        var from = seen == null || seen.isEmpty() ? null : FeedCursor.parse(seen);
        if (from == null) {
            clock.now();   // fails if the database is unavailable, before the headers of the stream are sent
        }
        var isKnown = from == null || feed.knows(from);
        EventStreams.serve("the feed", request, response, events -> {
            try (var subscription = feed.subscribe(isKnown ? from : null, parsed::test)) {
                var stream = new FeedStream(subscription, types, events, json, settings.heartbeat());
                if (!isKnown) {
                    stream.reset();
                }
                stream.follow(from == null || !isKnown
                        ? list.filled(parsed, null, FeedStream.SNAPSHOT, SNAPSHOT_TIMEOUT)
                        .operations() : null);
            }
        });
    }
}
