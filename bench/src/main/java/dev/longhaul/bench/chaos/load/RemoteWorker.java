package dev.longhaul.bench.chaos.load;

import com.fasterxml.jackson.databind.JsonNode;
import dev.longhaul.bench.chaos.journal.Entry.Claimed;
import dev.longhaul.bench.chaos.journal.Entry.RunEnded;
import dev.longhaul.bench.chaos.journal.Entry.StepStored;
import dev.longhaul.bench.chaos.journal.Journal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// A remote worker over HTTP. Now and then it dies in the middle of a run, or sleeps past its lease and goes on as if
/// nothing had happened.
final class RemoteWorker {

    static final String TYPE = "chaos_parts";
    private static final double LEASE_SECONDS = 3;
    private static final String REGISTRATION = """
            {"name": "%s", "lease_seconds": 3, "types": [{"type": "%s", "description": "Makes parts.",
             "input_schema": {"type": "object", "required": ["parts", "millis", "fails"]}}]}""";

    private final Api api;
    private final Journal journal;
    private final String name;
    private final Random random;
    private final BooleanSupplier isCalm;
    private final BooleanSupplier isOver;

    /// @param isCalm true: it does not die any more
    RemoteWorker(Api api, Journal journal, String name, Random random, BooleanSupplier isCalm,
            BooleanSupplier isOver) {
        this.api = api;
        this.journal = journal;
        this.name = name;
        this.random = random;
        this.isCalm = isCalm;
        this.isOver = isOver;
    }

    void work() throws InterruptedException {
        while (!isOver.getAsBoolean()) {
            var registered = api.accepted("POST", "/api/v1/workers", REGISTRATION.formatted(name, TYPE), null);
            if (registered != null) {
                workAs(registered.get("worker_id").asText());
            }
        }
    }

    /// Until the registration is over: it dies, or its lease was lost.
    private void workAs(String worker) throws InterruptedException {
        while (!isOver.getAsBoolean()) {
            var asked = System.currentTimeMillis();
            var answer = api.insist("POST", "/api/v1/workers/" + worker + ":claim",
                    "{\"max\": 2, \"wait_seconds\": 1, \"runs\": []}", null);
            if (answer == null || !answer.isGood()) {
                return;
            }
            for (var claim : answer.body().get("claims")) {
                var steps = new ArrayList<String>();
                claim.get("steps").fieldNames().forEachRemaining(steps::add);
                journal.add(new Claimed(id(claim), run(claim), asked, List.copyOf(steps)));
            }
            for (var claim : answer.body().get("claims")) {
                if (!run(claim, random.nextInt(25))) {
                    return;
                }
            }
        }
    }

    private static String id(JsonNode claim) {
        return claim.get("operation_id").asText();
    }

    private static String run(JsonNode claim) {
        return claim.get("run_id").asText();
    }

    /// @param fate 0: it dies; 1: it sleeps past its lease
    /// @return false: it is dead
    private boolean run(JsonNode claim, int fate) throws InterruptedException {
        var input = claim.get("input");
        var parts = input.get("parts").asInt();
        var done = new HashSet<String>();
        claim.get("steps").fieldNames().forEachRemaining(done::add);
        for (var part = 1; part <= parts; part++) {
            if (part > (parts + 1) / 2 && fails(input.get("fails").asText(), claim.get("attempt").asInt())) {
                end(claim, "fail", Map.of("run_id", run(claim), "message", "part " + part + " broke"));
                return true;
            }
            if (done.contains("part-" + part)) {
                continue;
            }
            Thread.sleep(input.get("millis").asInt());
            if (part == (parts + 1) / 2 && !isCalm.getAsBoolean()) {
                if (fate == 0) {
                    return false;
                } else if (fate == 1) {
                    Thread.sleep((long) (LEASE_SECONDS * 1_500));
                }
            }
            var said = step(claim, part);
            if (said == null || !said.isGood()) {
                return true;   // the run is lost
            }
            if (said.body().path("command").isTextual()) {
                end(claim, "release", Map.of("run_id", run(claim)));
                return true;
            }
            api.insist("POST", "/api/v1/operations/" + id(claim) + "/run:report", Api.json(Map.of("run_id", run(claim),
                    "current", part, "total", parts, "message", "part " + part)), null);
        }
        end(claim, "complete", Map.of("run_id", run(claim), "output", Map.of("parts", parts)));
        return true;
    }

    private static boolean fails(String when, int attempt) {
        return when.equals("always") || when.equals("once") && attempt == 1;
    }

    private Api.@Nullable Answer step(JsonNode claim, int part) throws InterruptedException {
        var result = name + " " + run(claim);
        var answer = api.insist("POST", "/api/v1/operations/" + id(claim) + "/run:step", Api.json(Map.of("run_id",
                run(claim), "name", "part-" + part, "result", result)), null);
        if (answer != null && answer.isGood()) {
            journal.add(new StepStored(id(claim), run(claim), "part-" + part, result, System.currentTimeMillis()));
        }
        return answer;
    }

    private void end(JsonNode claim, String verb, Map<String, ?> body) throws InterruptedException {
        var answer = api.insist("POST", "/api/v1/operations/" + id(claim) + "/run:" + verb, Api.json(body), null);
        if (answer != null && answer.isGood()) {
            journal.add(new RunEnded(id(claim), run(claim), verb));
        }
    }
}
