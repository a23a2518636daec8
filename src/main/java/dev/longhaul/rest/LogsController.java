package dev.longhaul.rest;

import dev.longhaul.live.Subscribers;
import dev.longhaul.operation.LogLine;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.store.LogStore;
import dev.longhaul.store.OperationStore;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.OperationNotFound;
import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.json.JsonMapper;

/// Reads the log of an operation: a page of lines as JSON, or all lines as NDJSON, also live.
@RestController
class LogsController {

    private static final Logger log = LoggerFactory.getLogger(LogsController.class);
    private static final int MOST = 1_000;
    private static final Duration HEARTBEAT = Duration.ofSeconds(15);

    private final OperationStore store;
    private final LogStore logs;
    private final Subscribers subscribers;
    private final JsonMapper json;

    LogsController(OperationStore store, LogStore logs, Subscribers subscribers, JsonMapper json) {
        this.store = store;
        this.logs = logs;
        this.subscribers = subscribers;
        this.json = json;
    }

    record LogLineView(int line, Instant at, int attempt, String level, String message) {

        static LogLineView of(LogStore.Numbered line) {
            return new LogLineView(line.number(), line.line().at(), line.attempt(), line.line().level().word(),
                    line.line().message());
        }
    }

    /// @param nextAfter `after` of the next page; null: no more lines yet
    @JsonNaming(SnakeCaseStrategy.class)
    record LogPage(List<LogLineView> lines, @Nullable Integer nextAfter) {}

    /// @return null: the response was written as NDJSON
    @Endpoint(value = "Get the log of an operation", media = MediaType.APPLICATION_NDJSON_VALUE,
            problems = ProblemKind.NO_SUCH_OPERATION, description = """
            The lines of all attempts: of `level` (debug, info, warn, error) or above, of one `attempt`, containing
            `q`. A page has `limit` lines (1,000); `next_after` is the `after` of the next page. With
            `Accept: application/x-ndjson` the response has all lines (unless there is a `limit`), each a JSON text.
            With `follow=true` it continues with new lines until the operation ends; an empty line every 15 seconds is
            the heartbeat.""")
    @GetMapping("/api/v1/operations/{id}/logs")
    @Nullable ResponseEntity<LogPage> getOperationLog(@PathVariable String id,
            @RequestParam(defaultValue = "debug") String level,
            @RequestParam(required = false) @Nullable Integer attempt,
                                       @RequestParam(defaultValue = "") String q, @RequestParam(defaultValue =
                                               "0") int after, @RequestParam(required = false) @Nullable Integer limit,
                                       @RequestParam(defaultValue = "false") boolean follow, HttpServletRequest request,
                                       HttpServletResponse response)
            throws InterruptedException {
        if (after < 0 || limit != null && (limit < 1 || limit > MOST)) {
            throw Problem.ofParameter(after < 0 ? "after" : "limit", "expected after of 0 or more and limit of 1 to "
                    + MOST
                    + ", not " + after + " and " + limit);
        }
        var search = new LogStore.Search(attempt, LogLine.Level.parse(level), q, after, limit == null ? MOST : limit);
        var wantsLines = wantsLines(request.getHeader("Accept"));
        if (follow && (!wantsLines || limit != null)) {
            throw new Problem(ProblemKind.INVALID_REQUEST, "follow goes with Accept: "
                    + MediaType.APPLICATION_NDJSON_VALUE + " and without a limit");
        }
        var operation = find(id);
        if (wantsLines) {
            write(operation, search, limit != null, follow, response);
            return null;
        }
        var lines = logs.page(operation.id(), search).stream().map(LogLineView::of).toList();
        return ResponseEntity.ok(new LogPage(lines, lines.size() < search.limit() ? null : lines.getLast().line));
    }

    /// A client that accepts both gets a page.
    private static boolean wantsLines(@Nullable String accept) {
        return accept != null && MediaType.parseMediaTypes(accept).stream()
                .sorted(Comparator.comparingDouble(MediaType::getQualityValue).reversed())
                .filter(type -> type.includes(MediaType.APPLICATION_NDJSON)
                        || type.includes(MediaType.APPLICATION_JSON)).findFirst()
                .filter(type -> !type.includes(MediaType.APPLICATION_JSON)).isPresent();
    }

    private void write(Operation operation, LogStore.Search search, boolean onePage, boolean follow,
            HttpServletResponse response) throws InterruptedException {
        response.setContentType(MediaType.APPLICATION_NDJSON_VALUE);
        response.setHeader("Cache-Control", "no-store");
        response.setHeader("X-Accel-Buffering", "no");   // nginx would buffer lines
        try {
            var out = response.getOutputStream();
            if (onePage) {
                writeLines(out, logs.page(operation.id(), search));
            } else if (follow && !operation.isOver()) {
                follow(operation, search, out);
            } else {
                writeAll(operation.id(), search, out);
            }
        } catch (IOException gone) {
            log.debug("reader of the log of operation {} disconnected: {}", operation.id(), gone.getMessage());
        }
    }

    /// Lines that were logged before the end of the operation commit before or with its end.
    private void follow(Operation operation, LogStore.Search search, OutputStream out)
            throws IOException, InterruptedException {
        try (var subscriber = subscribers.subscribe(operation.id(), operation.version())) {
            out.flush();
            var last = writeAll(operation.id(), search, out);
            while (!subscriber.isClosed()) {
                var change = subscriber.next(HEARTBEAT);
                var written = writeAll(operation.id(), search.after(last), out);
                if (change.isEmpty() && written == last) {
                    out.write('\n');
                    out.flush();
                }
                last = written;
                if (change.isPresent() && change.get().isLast()) {
                    return;
                }
            }
        }
    }

    /// @return number of the last line written
    private int writeAll(OperationId id, LogStore.Search search, OutputStream out) throws IOException {
        var last = search.after();
        List<LogStore.Numbered> lines;
        do {
            lines = logs.page(id, search.after(last));
            writeLines(out, lines);
            last = lines.isEmpty() ? last : lines.getLast().number();
        } while (lines.size() == search.limit());
        return last;
    }

    private void writeLines(OutputStream out, List<LogStore.Numbered> lines) throws IOException {
        if (!lines.isEmpty()) {
            var text = new StringBuilder();
            lines.forEach(line -> text.append(json.writeValueAsString(LogLineView.of(line))).append('\n'));
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }

    private Operation find(String id) {
        var operationId = OperationId.parse(id);
        return store.find(operationId).orElseThrow(() -> new OperationNotFound(operationId));
    }
}
