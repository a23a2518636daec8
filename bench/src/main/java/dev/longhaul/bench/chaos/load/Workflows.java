package dev.longhaul.bench.chaos.load;

import dev.longhaul.bench.chaos.journal.Entry.Acknowledged;
import dev.longhaul.bench.chaos.journal.Entry.Cancelled;
import dev.longhaul.bench.chaos.journal.Journal;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/// Starts workflows with a fan-out, a node that may fail, and nodes for both outcomes; cancels some.
final class Workflows {

    /// `c` runs at remote workers.
    private static final String GRAPH = """
            {"name": "chaos", "nodes": {
              "a": {"type": "simulation", "input": {"duration_seconds": 0.3, "steps": 3}},
              "b": {"type": "compose", "needs": ["a"], "for_each": [1, 2, 3, 4, 5], "max_parallel": 3,
                    "input": {"value": "${item}"}},
              "c": {"type": "chaos_parts", "needs": ["b"], "max_attempts": 2, "input": %s},
              "d": {"type": "compose", "needs": ["c"], "input": {"value": "${b.output}"}},
              "e": {"type": "compose", "needs": ["c"], "when": "failure", "input": {"value": "${c.error.message}"}},
              "f": {"type": "simulation", "needs": ["d", "e"], "when": "always",
                    "input": {"duration_seconds": 0.2, "steps": 2}}}}""";

    private final Api api;
    private final Journal journal;
    private final Consumer<String> submitted;

    Workflows(Api api, Journal journal, Consumer<String> submitted) {
        this.api = api;
        this.journal = journal;
        this.submitted = submitted;
    }

    void one(String key, Random random) throws InterruptedException {
        var input = Map.of("parts", 2 + random.nextInt(2), "millis", 100 + random.nextInt(200),
                "fails", random.nextInt(3) == 0 ? "always" : "never");
        var answer = api.accepted("POST", "/api/v1/workflows", GRAPH.formatted(Api.json(input)), key);
        if (answer == null) {
            return;
        }
        var id = answer.get("operation_id").asText();
        journal.add(new Acknowledged(key, id));
        submitted.accept(id);
        if (random.nextInt(8) == 0) {
            Thread.sleep(random.nextInt(1_500));
            var cancelled = api.accepted("POST", "/api/v1/workflows/" + id + ":cancel", "{\"reason\": \"chaos\"}",
                    null);
            if (cancelled != null) {
                journal.add(new Cancelled(id, cancelled.path("finished_at").isTextual()
                        && !cancelled.path("status").asText().equals("cancelled")));
            }
        }
    }
}
