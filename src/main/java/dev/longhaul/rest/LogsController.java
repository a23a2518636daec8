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

/// What the task of an operation logged: a page of it, or all of it line by line, and live.
@RestController
class LogsController {

    private static final Logger log = LoggerFactory.getLogger(LogsController.class);
    private static final int MOST = 1_000;
    private static final Duration SILENCE = Duration.ofSeconds(15);

    private final OperationStore store;
    private final LogStore logs;
    private final Subscribers watchers;
    private final JsonMapper json;

    LogsController(OperationStore store, LogStore logs, Subscribers watchers, JsonMapper json) {
        this.store = store;
        this.logs = logs;
        this.watchers = watchers;
        this.json = json;
    }

    record Line(int line, Instant at, int attempt, String level, String message) {

        static Line of(LogStore.Numbered line) {
            return new Line(line.number(), line.line().at(), line.attempt(), line.line().level().word(),
                    line.line().message());
        }
    }

    /// @param nextAfter null: there is no more yet
    @JsonNaming(SnakeCaseStrategy.class)
    record Log(List<Line> lines, @Nullable Integer nextAfter) {}

    /// @return null: it was answered line by line
    @Endpoint(value = "Reads the log of an operation", media = MediaType.APPLICATION_NDJSON_VALUE, problems = ProblemKind.NO_SUCH_OPERATION, description = """
            What its task logged, line by line over all attempts: of `level` (debug, info, warn, error) or above, of one `attempt`, containing `q`. A page has `limit` lines (1,000);
            `next_after` is the `after` of the next page. With `Accept: application/x-ndjson` all lines come, each a JSON text of its own (unless there is a `limit`), and with
            `follow=true` those that are yet to be logged, until the operation is over. While nothing is logged, an empty line every 15 seconds says that the service is there.""")
    @GetMapping("/api/v1/operations/{id}/logs")
    @Nullable ResponseEntity<Log> logs(@PathVariable String id, @RequestParam(defaultValue = "debug") String level,
            @RequestParam(required = false) @Nullable Integer attempt,
                                       @RequestParam(defaultValue = "") String q, @RequestParam(defaultValue =
                                               "0") int after, @RequestParam(required = false) @Nullable Integer limit,
                                       @RequestParam(defaultValue = "false") boolean follow, HttpServletRequest request,
                                       HttpServletResponse response)
            throws InterruptedException {
        if (after < 0 || limit != null && (limit < 1 || limit > MOST)) {
            throw new Problem(ProblemKind.INVALID_REQUEST, "expected after of 0 or more and limit of 1 to " + MOST
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
        var lines = logs.page(operation.id(), search).stream().map(Line::of).toList();
        return ResponseEntity.ok(new Log(lines, lines.size() < search.limit() ? null : lines.getLast().line));
    }

    /// Whatever accepts both gets a page.
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
        response.setHeader("X-Accel-Buffering", "no");   // nginx would hold lines back
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
            log.debug("a reader of the log of operation {} has gone: {}", operation.id(), gone.getMessage());
        }
    }

    /// What was logged before the operation ended was committed before or with its end.
    private void follow(Operation operation, LogStore.Search search, OutputStream out)
            throws IOException, InterruptedException {
        try (var watcher = watchers.subscribe(operation.id(), operation.version())) {
            out.flush();
            var last = writeAll(operation.id(), search, out);
            while (!watcher.isClosed()) {
                var change = watcher.next(SILENCE);
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

    /// @return the last line that is written now
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
            lines.forEach(line -> text.append(json.writeValueAsString(Line.of(line))).append('\n'));
            out.write(text.toString().getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
    }

    private Operation find(String id) {
        var operationId = OperationId.parse(id);
        return store.find(operationId).orElseThrow(() -> new OperationNotFound(operationId));
    }
}
