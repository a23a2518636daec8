package dev.longhaul.bench.chaos.load;

import dev.longhaul.bench.chaos.journal.Entry.Acknowledged;
import dev.longhaul.bench.chaos.journal.Journal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Submits operations of all kinds under idempotency keys, one by one and in batches, and sometimes repeats one that
/// was answered. The key is also in the metadata, where a second operation would show it.
final class Submissions {

    static final String CONCURRENCY_KEY = "two-at-once";
    static final int CONCURRENCY_LIMIT = 2;
    private static final int BATCH = 10;

    private final Api api;
    private final Journal journal;
    private final Consumer<String> submitted;

    /// @param submitted gets the ids of operations
    Submissions(Api api, Journal journal, Consumer<String> submitted) {
        this.api = api;
        this.journal = journal;
        this.submitted = submitted;
    }

    void one(String key, Random random) throws InterruptedException {
        var body = Api.json(operation(key, random));
        var times = random.nextInt(10) == 0 ? 2 : 1;
        for (var n = 0; n < times; n++) {
            var answer = api.accepted("POST", "/api/v1/operations", body, key);
            if (answer == null) {
                return;
            }
            journal.add(new Acknowledged(key, answer.get("operation_id").asText()));
            if (n == 0) {
                submitted.accept(answer.get("operation_id").asText());
            }
        }
    }

    void batch(String key, Random random) throws InterruptedException {
        var body = Api.json(Map.of("operations", IntStream.range(0, BATCH)
                .mapToObj(item -> operation(key + "#" + item, random)).toList()));
        var answer = api.accepted("POST", "/api/v1/operations:batchCreate", body, key);
        if (answer != null) {
            var ids = answer.get("operation_ids");
            for (var item = 0; item < ids.size(); item++) {
                journal.add(new Acknowledged(key + "#" + item, ids.get(item).asText()));
                submitted.accept(ids.get(item).asText());
            }
        }
    }

    private static Map<String, Object> operation(String key, Random random) {
        var operation = new HashMap<String, Object>(Map.of("metadata", Map.of("key", key)));
        switch (random.nextInt(20)) {
            case 0, 1 -> operation.putAll(Map.of("type", "approval", "input", Map.of("action", "go on?")));
            case 2, 3 -> {
                operation.putAll(simulation(random, 1));
                operation.put("concurrency", Map.of("key", CONCURRENCY_KEY, "limit", CONCURRENCY_LIMIT));
            }
            case 4, 5, 6, 7, 8 -> operation.putAll(parts(random));
            default -> operation.putAll(simulation(random, 8));
        }
        return operation;
    }

    private static Map<String, Object> simulation(Random random, int seconds) {
        return Map.of("type", "simulation", "input", Map.of("duration_seconds", 0.2 + random.nextDouble() * seconds,
                "steps", 2 + random.nextInt(15)));
    }

    static Map<String, Object> parts(Random random) {
        return Map.of("type", RemoteWorker.TYPE, "max_attempts", 3,
                "retry", Map.of("kind", "fixed", "delay", "PT0.3S"),
                "input", Map.of("parts", 1 + random.nextInt(6), "millis", 50 + random.nextInt(300),
                        "fails", List.of("never", "never", "never", "once", "always").get(random.nextInt(5))));
    }
}
