package dev.longhaul.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Typical durations of a task type, as `/types` has them.
@LonghaulTest
class DurationsTest extends WorkerTest {

    @Test
    void typicalDurationsAreThoseOfRecentlyCompletedOperations() throws Exception {
        var worker = register(Map.of());
        assertThat(http.get("/api/v1/types/" + type).body().path("durations").isNull()).as("none completed yet")
                .isTrue();

        for (var n = 0; n < 5; n++) {
            submit();
        }
        for (var run : claim(worker, 4, 10)) {
            run.say("complete", Map.of());
        }
        claim(worker, 1, 10).getFirst().say("fail", Map.of("message", "no such file", "retryable", false));

        var told = http.get("/api/v1/types/" + type).body().path("durations");
        assertThat(told.path("completed").asInt()).as("without the one that failed").isEqualTo(4);
        assertThat(http.get("/api/v1/types").body().path("types").valueStream()
                .filter(one -> one.path("type").asString().equals(type)).findFirst().orElseThrow().path("durations"))
                .isEqualTo(told);
        for (var percentile : Map.of("p50", 0.5, "p90", 0.9, "p99", 0.99).entrySet()) {
            assertThat(told.path("run_seconds").path(percentile.getKey()).asDouble())
                    .isEqualTo(asked("finished_at - started_at", percentile.getValue()));
            assertThat(told.path("wait_seconds").path(percentile.getKey()).asDouble())
                    .isEqualTo(asked("greatest(started_at - run_at, interval '0')", percentile.getValue()));
        }
    }

    private double asked(String span, double percentile) {
        return sql.sql("select round(percentile_cont(:p) within group (order by extract(epoch from " + span
                + "))::numeric, 3) from operation where type = :type and status = 'completed'")
                .param("p", percentile).param("type", type).query(Double.class).single();
    }
}
