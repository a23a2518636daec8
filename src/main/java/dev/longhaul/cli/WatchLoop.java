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

/// Shows operations until they have ended. Ctrl-C ends the watching and prints how to resume it.
final class WatchLoop {

    private static final Duration READ_INTERVAL = Duration.ofMillis(250);

    private final ApiClient api;
    private final ProgressView view;
    private final boolean logs;

    WatchLoop(ApiClient api, ProgressView view) {
        this(api, view, false);
    }

    /// @param logs true: show the logs of named operations too
    WatchLoop(ApiClient api, ProgressView view, boolean logs) {
        this.api = api;
        this.view = view;
        this.logs = logs;
    }

    /// @param timeout null: none
    /// @return the exit code of the worst end
    int untilEnded(List<String> ids, @Nullable Duration timeout) throws InterruptedException {
        var farewell = farewell("longhaul watch " + String.join(" ", ids));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var following = new ExecutorCompletionService<Integer>(threads);
            ids.forEach(id -> following.submit(() -> follow(id)));
            var until = timeout == null ? Long.MAX_VALUE : System.nanoTime() + timeout.toNanos();
            var exits = new ArrayList<Integer>();
            try {
                while (exits.size() < ids.size()) {
                    var ended = timeout == null ? following.take()
                            : following.poll(Math.max(0, until - System.nanoTime()), TimeUnit.NANOSECONDS);
                    if (ended == null) {
                        throw new CliError(ExitCode.TOO_LONG, "not ended within " + DisplayFormat.span(timeout)
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
            view.close();
        }
    }

    private int follow(String id) throws InterruptedException {
        var last = new JsonNode[] {ApiClient.json.createObjectNode()};
        new EventStreamReader(api, ApiClient.path(ApiClient.operation(id) + "/events",
                Map.of("types", logs ? "state,progress,log" : ""))).follow(new ViewListener() {
            @Override
            public boolean onEvent(String event, JsonNode data) {
                if (event.equals("log")) {
                    view.log(id, data);
                    return true;
                }
                last[0] = operation(event, data);
                if (isWorkflow(last[0])) {
                    return false;
                }
                view.show(last[0]);
                return !event.equals("done");
            }
        });
        return isWorkflow(last[0]) ? followNodes(id) : ExitCode.of(last[0].path("status").asString(""));
    }

    private static boolean isWorkflow(JsonNode operation) {
        return operation.path("type").asString("").equals("workflow");
    }

    /// The workflow's stream announces changes. The state of all nodes is read at most every [#READ_INTERVAL].
    private int followNodes(String id) throws InterruptedException {
        var changes = new Semaphore(0);
        var reader = Thread.ofVirtual().start(() -> readLoop(id, changes));
        try {
            new EventStreamReader(api, ApiClient.WORKFLOWS + "/" + ApiClient.encoded(id) + "/events")
                    .follow(new ViewListener() {
                @Override
                public boolean onEvent(String event, JsonNode data) {
                    changes.release();
                    return !event.equals("done");
                }
            });
        } finally {
            reader.interrupt();
            reader.join();
        }
        var ended = api.get(ApiClient.WORKFLOWS + "/" + ApiClient.encoded(id));
        view.show(ended);
        return ExitCode.of(ended.path("status").asString(""));
    }

    private void readLoop(String id, Semaphore changes) {
        try {
            while (true) {
                changes.acquire();
                changes.drainPermits();
                try {
                    view.show(api.get(ApiClient.WORKFLOWS + "/" + ApiClient.encoded(id)));
                } catch (CliError away) {
                    changes.release();   // retry until the stream has reconnected
                }
                Thread.sleep(READ_INTERVAL);
            }
        } catch (InterruptedException enough) {
            // followNodes() reads the last state
        }
    }

    void untilInterrupted(String filter) throws InterruptedException {
        var farewell = farewell("longhaul watch" + (filter.isEmpty() ? "" : " --filter '" + filter + "'"));
        try {
            new EventStreamReader(api, ApiClient.path("/api/v1/events", Map.of("filter", filter)))
                    .follow(new ViewListener() {
                @Override
                public boolean onEvent(String event, JsonNode data) {
                    if (event.equals("snapshot")) {
                        var unfinished = data.path("operations").valueStream()
                                .filter(operation -> !operation.hasNonNull("finished_at")).toList();
                        unfinished.reversed().forEach(view::show);
                        view.note(unfinished.isEmpty() ? "No operation is running" + (filter.isEmpty()
                                ? "" : " that matches the filter") + ". New ones appear here." : "");
                    } else if (!event.equals("reset")) {
                        view.note("");
                        view.show(operation(event, data));
                    }
                    return true;
                }
            });
        } finally {
            Runtime.getRuntime().removeShutdownHook(farewell);
            view.close();
        }
    }

    private static JsonNode operation(String event, JsonNode data) {
        return event.equals("state") || event.equals("done") ? data.path("operation").isObject()
                ? data.path("operation") : data : data;
    }

    private abstract class ViewListener implements EventStreamReader.Listener {

        @Override
        public void onLoss(String reason) {
            view.note("Connection lost (" + reason + "). Reconnecting. The operations continue.");
        }

        @Override
        public void onReconnect() {
            view.note("");
        }
    }

    private Thread farewell(String again) {
        var hook = new Thread(() -> {
            view.close();
            System.err.println("The operations continue. Watch again: " + again);
        });
        Runtime.getRuntime().addShutdownHook(hook);
        return hook;
    }
}
