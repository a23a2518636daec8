package dev.longhaul.worker;

import dev.longhaul.task.NotRetryable;
import dev.longhaul.task.RetryLater;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The contract's script as a remote worker, with one request per update.
final class ContractWorker implements AutoCloseable {

    private final WorkerHttp http;
    private final String worker;
    private final ExecutorService runs = Executors.newVirtualThreadPerTaskExecutor();
    private final Thread loop;

    ContractWorker(WorkerHttp http) throws IOException, InterruptedException {
        this.http = http;
        var schema = Map.of("type", "object", "required", List.of("scenario", "key"), "additionalProperties", false,
                "properties", Map.of("scenario", Map.of("type", "string"), "key", Map.of("type", "string")));
        var registered = http.post("/api/v1/workers", Map.of("name", "there", "types",
                List.of(Map.of("type", "work_there", "description", "The contract, outside.",
                "input_schema", schema, "retry", Map.of("kind", "fixed", "delay", "PT0.05S")))));
        if (registered.status() != 201) {
            throw new IllegalStateException(registered.body().toString());
        }
        worker = registered.body().path("worker_id").asString();
        loop = Thread.ofVirtual().start(this::claimForEver);
    }

    private void claimForEver() {
        try {
            while (true) {
                var claimed = http.post("/api/v1/workers/" + worker + ":claim", Map.of("max", 20, "wait_seconds", 20));
                if (claimed.status() != 200) {
                    throw new IllegalStateException(claimed.toString());
                }
                claimed.body().path("claims")
                        .forEach(claim -> runs.submit(() -> run(new OverHttp(new WorkerHttp.Run(http, claim)))));
            }
        } catch (InterruptedException | IOException closed) {
            // the test is over
        }
    }

    /// The run must stop, or is over.
    private static final class Stopped extends Exception {

        private final boolean isOver;

        Stopped(boolean isOver) {
            this.isOver = isOver;
        }
    }

    private static @Nullable Void run(OverHttp work) throws Exception {
        var input = work.run.claim().path("input");
        try {
            var output = ContractScript.play(input.path("scenario").asString(), input.path("key").asString(), work);
            work.run.say("complete", output == null ? Map.of() : Map.of("output", output));
        } catch (Stopped stopped) {
            if (!stopped.isOver) {
                work.run.say("release", Map.of());
            }
        } catch (NotRetryable hopeless) {
            work.run.say("fail", Map.of("message", hopeless.getMessage(), "retryable", false));
        } catch (RetryLater later) {
            work.run.say("fail", Map.of("message", later.getMessage(), "retry_after_seconds",
                    later.pause().toMillis() / 1e3));
        } catch (RuntimeException failed) {
            work.run.say("fail", Map.of("message", failed.getMessage(), "type", failed.getClass().getName()));
        }
        return null;
    }

    private record OverHttp(WorkerHttp.Run run) implements ContractScript {

        @Override
        public int attempt() {
            return run.claim().path("attempt").asInt();
        }

        private JsonNode say(String verb, Map<String, ?> words) throws Exception {
            var answer = run.say(verb, words);
            if (answer.code().equals("run-lost")) {
                throw new Stopped(true);
            }
            if (answer.status() >= 300) {
                throw new IllegalStateException(answer.body().toString());
            }
            return answer.body();
        }

        private void obey(JsonNode answer, boolean isCheckpoint) throws Stopped {
            var command = answer.path("command").asString("");
            if (command.equals("cancel") || isCheckpoint && command.equals("pause")) {
                throw new Stopped(false);
            }
        }

        @Override
        public void report(double percent, String message) throws Exception {
            obey(say("report", Map.of("progress", percent, "message", message)), false);
        }

        @Override
        public void log(String line) throws Exception {
            obey(say("log", Map.of("lines", List.of(Map.of("message", line)))), false);
        }

        @Override
        public String step(String name, Callable<String> body) throws Exception {
            var known = run.claim().path("steps").get(name);
            if (known != null) {
                return known.asString();
            }
            var result = body.call();
            obey(say("step", Map.of("name", name, "result", result)), true);
            return result;
        }

        @Override
        public void sleep(String name, Duration duration) throws Exception {
            await("sleep", Map.of("name", name, "seconds", duration.toMillis() / 1e3));
        }

        @Override
        public boolean authorize(String name, String action) throws Exception {
            return await("ask", Map.of("name", name, "kind", "authorization", "action", action)).at("/answer/approved")
                    .asBoolean();
        }

        @Override
        public List<String> awaitChildren(String name, int count) throws Exception {
            var child = Map.of("type", "simulation", "input", Map.of("duration_seconds", 0, "steps", 1));
            say("submit", Map.of("name", name, "children", Stream.generate(() -> child).limit(count).toList()));
            return await("await", Map.of()).path("children").valueStream().map(over -> over.path("status").asString())
                    .toList();
        }

        private JsonNode await(String verb, Map<String, ?> words) throws Exception {
            var answer = say(verb, words);
            if (answer.path("waiting").asBoolean()) {
                throw new Stopped(true);
            }
            return answer;
        }

        @Override
        public void pause() throws Exception {
            Thread.sleep(20);
            obey(say("report", Map.of("message", "at work still")), false);
        }
    }

    @Override
    public void close() throws IOException, InterruptedException {
        loop.interrupt();
        runs.shutdownNow();
        http.send("DELETE", "/api/v1/workers/" + worker, null);
    }
}
