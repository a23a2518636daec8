package dev.longhaul.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Follows operations on a board until they are over. Ctrl-C ends the watching and says how to go on with it.
final class Watching {

    private final Api api;
    private final Board board;

    Watching(Api api, Board board) {
        this.api = api;
        this.board = board;
    }

    /// @param patience null: as long as it takes
    /// @return the exit code of the worst end
    int untilOver(List<String> ids, @Nullable Duration patience) throws InterruptedException {
        var farewell = farewell("longhaul watch " + String.join(" ", ids));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var following = new ExecutorCompletionService<Integer>(threads);
            ids.forEach(id -> following.submit(() -> follow(id)));
            var until = patience == null ? Long.MAX_VALUE : System.nanoTime() + patience.toNanos();
            var exits = new ArrayList<Integer>();
            try {
                while (exits.size() < ids.size()) {
                    var ended = patience == null ? following.take() : following.poll(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
                    if (ended == null) {
                        throw new Trouble(Exit.TOO_LONG, "not over within " + Words.span(patience) + "; watch again: longhaul watch " + String.join(" ", ids));
                    }
                    exits.add(ended.get());
                }
            } finally {
                threads.shutdownNow();
            }
            return Board.worst(exits);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException own ? own : new IllegalStateException(failed.getCause());
        } finally {
            Runtime.getRuntime().removeShutdownHook(farewell);
            board.close();
        }
    }

    private int follow(String id) throws InterruptedException {
        var end = new int[] {Exit.DONE};
        new EventStream(api, Api.operation(id) + "/events").follow(new Ear() {
            @Override
            public boolean hear(String event, JsonNode data) {
                var operation = operation(event, data);
                board.show(operation);
                end[0] = Exit.of(operation.path("status").asString(""));
                return !event.equals("done");
            }
        });
        return end[0];
    }

    /// Everything that passes the filter, until Ctrl-C.
    void forEver(String filter) throws InterruptedException {
        var farewell = farewell("longhaul watch" + (filter.isEmpty() ? "" : " --filter '" + filter + "'"));
        try {
            new EventStream(api, Api.path("/api/v1/events", Map.of("filter", filter))).follow(new Ear() {
                @Override
                public boolean hear(String event, JsonNode data) {
                    if (event.equals("snapshot")) {
                        var unfinished = data.path("operations").valueStream().filter(operation -> !operation.hasNonNull("finished_at")).toList();
                        unfinished.reversed().forEach(board::show);
                        board.note(unfinished.isEmpty() ? "Nothing is under way" + (filter.isEmpty() ? "" : " that passes the filter") + "; what begins is shown here." : "");
                    } else if (!event.equals("reset")) {
                        board.note("");
                        board.show(operation(event, data));
                    }
                    return true;
                }
            });
        } finally {
            Runtime.getRuntime().removeShutdownHook(farewell);
            board.close();
        }
    }

    private static JsonNode operation(String event, JsonNode data) {
        return event.equals("state") || event.equals("done") ? data.path("operation").isObject() ? data.path("operation") : data : data;
    }

    /// A stream that comes back is told of, not given up.
    private abstract class Ear implements EventStream.Ear {

        @Override
        public void lost(String why) {
            board.note("Connection lost (" + why + "); trying again. The operations go on.");
        }

        @Override
        public void back() {
            board.note("");
        }
    }

    private Thread farewell(String again) {
        var hook = new Thread(() -> {
            board.close();
            System.err.println("The work goes on. Watch it again: " + again);
        });
        Runtime.getRuntime().addShutdownHook(hook);
        return hook;
    }
}
