package dev.longhaul.sse;

import dev.longhaul.operation.OperationId;
import dev.longhaul.reference.SingleLineJson;
import dev.longhaul.store.LogStore;
import dev.longhaul.web.EventStreamWriter.Event;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// The log lines of an operation since the last read, as `log` events.
final class LogTail {

    private final LogStore store;
    private final OperationId operation;
    private final SingleLineJson json;
    private int last;

    /// @param last number of the last line that the client has; 0: none
    LogTail(LogStore store, OperationId operation, int last, SingleLineJson json) {
        this.store = store;
        this.operation = operation;
        this.last = last;
        this.json = json;
    }

    private record Line(int line, Instant at, int attempt, String level, String message) {}

    int last() {
        return last;
    }

    /// @param version that the client has: a client that resumes behind a line gets the event after it
    List<Event> next(long version) {
        var events = new ArrayList<Event>();
        var search = LogStore.Search.ALL;
        for (var page = store.page(operation, search.after(last)); !page.isEmpty(); page =
                store.page(operation, search.after(last))) {
            page.forEach(line ->
                    events.add(new Event(version + "." + line.number(), "log",
                            json.of(new Line(line.number(), line.line().at(), line.attempt(),
                    line.line().level().word(), line.line().message())))));
            last = page.getLast().number();
        }
        return events;
    }
}
