package dev.longhaul.bench.chaos.load;

import dev.longhaul.bench.chaos.journal.Entry.ScheduleCreated;
import dev.longhaul.bench.chaos.journal.Entry.Unexpected;
import dev.longhaul.bench.chaos.journal.Journal;
import java.util.List;

/// Schedules that run every few seconds from the beginning to the end of the load.
final class Schedules {

    private static final String BODY = """
            {"name": "%s", "every": "%s", "overlap": "%s", "catch_up": "%s", "operation": {"type": "simulation",
             "input": {"duration_seconds": %s, "steps": 2}}}""";

    private record Spec(String name, String every, String overlap, String catchUp, double seconds) {}

    private static final List<Spec> SPECS = List.of(new Spec("side-by-side", "2s", "allow", "all", 0.3),
            new Spec("one-behind-the-other", "3s", "queue", "all", 0.5),
            new Spec("one-at-a-time", "3s", "skip", "latest", 4));

    private final Api api;
    private final Journal journal;

    Schedules(Api api, Journal journal) {
        this.api = api;
        this.journal = journal;
    }

    void create() throws InterruptedException {
        for (var spec : SPECS) {
            var answer = api.insist("POST", "/api/v1/schedules", BODY.formatted(spec.name, spec.every, spec.overlap,
                    spec.catchUp, spec.seconds), null);
            if (answer != null && (answer.isGood() || answer.status() == 409)) {   // 409: by a lost answer
                journal.add(new ScheduleCreated(spec.name));
            } else if (answer != null) {
                journal.add(new Unexpected("POST /api/v1/schedules", answer.status(), answer.body().toString()));
            }
        }
    }

    void delete() throws InterruptedException {
        for (var spec : SPECS) {
            api.insist("DELETE", "/api/v1/schedules/" + spec.name, "", null);   // 404: by a lost answer
        }
    }
}
