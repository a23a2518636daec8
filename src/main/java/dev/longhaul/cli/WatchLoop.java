package dev.longhaul.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Follows operations on a board until they are over. Ctrl-C ends the watching and says how to go on with it.
final class WatchLoop {

    private static final Duration LOOKS = Duration.ofMillis(250);

    private final ApiClient api;
    private final ProgressView board;
    private final boolean logs;

    WatchLoop(ApiClient api, ProgressView board) {
        this(api, board, false);
    }

    /// @param logs what named operations log is told, too
    WatchLoop(ApiClient api, ProgressView board, boolean logs) {
        this.api = api;
        this.board = board;
        this.logs = logs;
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
                    var ended = patience == null ? following.take()
                            : following.poll(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
                    if (ended == null) {
                        throw new CliError(ExitCode.TOO_LONG, "not over within " + DisplayFormat.span(patience)
                                + "; watch again: longhaul watch " + String.join(" ", ids));
                    }
                    exits.add(ended.get());
                }
            } finally {
                threads.shutdownNow();
            }
            return ProgressView.worst(exits);
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof RuntimeException own
                    ? own : new IllegalStateException(failed.getCause());
        } finally {
            Runtime.getRuntime().removeShutdownHook(farewell);
            board.close();
        }
    }

    private int follow(String id) throws InterruptedException {
        var last = new JsonNode[] {ApiClient.json.createObjectNode()};
        new EventStreamReader(api, ApiClient.path(ApiClient.operation(id) + "/events",
                Map.of("types", logs ? "state,progress,log" : ""))).follow(new Ear() {
            @Override
            public boolean hear(String event, JsonNode data) {
                if (event.equals("log")) {
                    board.log(id, data);
                    return true;
                }
                last[0] = operation(event, data);
                if (isWorkflow(last[0])) {
                    return false;
                }
                board.show(last[0]);
                return !event.equals("done");
            }
        });
        return isWorkflow(last[0]) ? followNodes(id) : ExitCode.of(last[0].path("status").asString(""));
    }

    private static boolean isWorkflow(JsonNode operation) {
        return operation.path("type").asString("").equals("workflow");
    }

    /// The workflow's stream says that something changed; a look says how all nodes are, every [#LOOKS] at most.
    private int followNodes(String id) throws InterruptedException {
        var news = new Semaphore(0);
        var looker = Thread.ofVirtual().start(() -> lookForEver(id, news));
        try {
            new EventStreamReader(api, ApiClient.WORKFLOWS + "/" + ApiClient.encoded(id) + "/events").follow(new Ear() {
                @Override
                public boolean hear(String event, JsonNode data) {
                    news.release();
                    return !event.equals("done");
                }
            });
        } finally {
            looker.interrupt();
            looker.join();
        }
        var ended = api.get(ApiClient.WORKFLOWS + "/" + ApiClient.encoded(id));
        board.show(ended);
        return ExitCode.of(ended.path("status").asString(""));
    }

    private void lookForEver(String id, Semaphore news) {
        try {
            while (true) {
                news.acquire();
                news.drainPermits();
                try {
                    board.show(api.get(ApiClient.WORKFLOWS + "/" + ApiClient.encoded(id)));
                } catch (CliError away) {
                    news.release();   // the stream says that it was lost; until it is back, this tries too
                }
                Thread.sleep(LOOKS);
            }
        } catch (InterruptedException enough) {
            // whoever interrupts takes the last look
        }
    }

    /// Everything that passes the filter, until Ctrl-C.
    void forEver(String filter) throws InterruptedException {
        var farewell = farewell("longhaul watch" + (filter.isEmpty() ? "" : " --filter '" + filter + "'"));
        try {
            new EventStreamReader(api, ApiClient.path("/api/v1/events", Map.of("filter", filter))).follow(new Ear() {
                @Override
                public boolean hear(String event, JsonNode data) {
                    if (event.equals("snapshot")) {
                        var unfinished = data.path("operations").valueStream()
                                .filter(operation -> !operation.hasNonNull("finished_at")).toList();
                        unfinished.reversed().forEach(board::show);
                        board.note(unfinished.isEmpty() ? "Nothing is under way" + (filter.isEmpty()
                                ? "" : " that passes the filter") + "; what begins is shown here." : "");
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
        return event.equals("state") || event.equals("done") ? data.path("operation").isObject()
                ? data.path("operation") : data : data;
    }

    /// A stream that comes back is told of, not given up.
    private abstract class Ear implements EventStreamReader.Ear {

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
