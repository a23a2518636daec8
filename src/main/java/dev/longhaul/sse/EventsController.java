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

/// Event streams in our own dialect. No event is called `error`: an EventSource would take it for a broken connection.
@RestController
class EventsController {

    private static final Duration PATIENCE = Duration.ofSeconds(1);   // a snapshot that takes longer has what was found
    private static final Set<String> TYPES = Set.of("state", "progress");
    private static final Set<String> TYPES_OF_ONE = Set.of("state", "progress", "log");

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

    /// One operation: `snapshot`, then `state` for every change of state and `progress`, until `done`; with `log` among
    /// the types what it logs, too. Ids are versions of the operation, with `log` followed by a dot and the number of
    /// the last line. 400: no id, or a `Last-Event-ID` that this stream cannot have given; 404: no such operation; 204:
    /// it is over and the client has its end.
    ///
    /// @param types       any of `state`, `progress` and `log`, with commas
    /// @param lastEventId an EventSource cannot set a header at its first connect, so it may come as a parameter
    @Endpoint(value = "Follows an operation", also = 204, body = String.class, problems = ProblemKind.NO_SUCH_OPERATION, description = """
            Server-sent events: `snapshot`, then `state` for every change of state and `progress`, until `done`. `types=state,progress,log` has a `log` event
            for every line that it logs, too. Come back with the last id as `Last-Event-ID`.""")
    @GetMapping(path = "/api/v1/operations/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    void operation(@PathVariable String id, @RequestParam(defaultValue = "state,progress") Set<String> types,
                   @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String header,
                   @RequestParam(name = "last_event_id", required = false) @Nullable String lastEventId,
                           HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        var operationId = OperationId.parse(id);
        var operation = store.find(operationId).orElseThrow(() -> new OperationNotFound(operationId));
        if (types.isEmpty() || !TYPES_OF_ONE.containsAll(types)) {
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

    /// All operations that pass the filter, through one stream: `snapshot` of the newest, then `state` or `done` for
    /// every change of state of each, in an order that every node agrees on, and `progress` as it comes. It does not
    /// end. Ids are places in that order; `progress` has none. A client that comes back with a place of which the rest
    /// is gone gets `reset` and begins anew with a `snapshot`. 400: a filter, a type or an id that cannot be
    /// understood.
    ///
    /// @param types `state`, `progress` or both, with a comma
    @Endpoint(value = "Follows all operations that pass a filter", body = String.class, problems = ProblemKind.INVALID_FILTER, description = """
            Server-sent events: `snapshot` of the newest, then `state` and `done` of each, and `progress`; `reset` for a client whose last id is older than what is kept.""")
    @GetMapping(path = "/api/v1/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    void all(@RequestParam(defaultValue = "") String filter,
            @RequestParam(defaultValue = "state,progress") Set<String> types,
             @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String header,
             @RequestParam(name = "last_event_id", required = false) @Nullable String lastEventId,
                     HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        var wanted = Filter.parse(filter);
        if (types.isEmpty() || !TYPES.containsAll(types)) {
            throw new IllegalArgumentException("types must be state, progress or both, not " + String.join(",", types));
        }
        var seen = header == null ? lastEventId : header;
        var from = seen == null || seen.isEmpty() ? null : FeedCursor.parse(seen);
        if (from == null) {
            clock.now();   // a database that is away is told of before the head of the stream is sent
        }
        var isKnown = from == null || feed.knows(from);
        EventStreams.serve("the feed", request, response, events -> {
            try (var subscription = feed.subscribe(isKnown ? from : null, wanted::test)) {
                var stream = new FeedStream(subscription, types, events, json, settings.heartbeat());
                if (!isKnown) {
                    stream.reset();
                }
                stream.follow(from == null || !isKnown ? list.filled(wanted, null, FeedStream.SNAPSHOT, PATIENCE)
                        .operations() : null);
            }
        });
    }
}
