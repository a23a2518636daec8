package dev.longhaul.bench;

import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.ThreadLocalRandom;

/// Reports at a rate, and says in each message when it did: microseconds since 1970. It is on the service's class path
/// during a bench only.
@TaskType("bench_reports")
class BenchReports implements Task<BenchReports.Input, BenchReports.Output> {

    /// @param startAt  milliseconds since 1970: when all of them begin, give or take one interval
    /// @param interval milliseconds between two reports
    record Input(long startAt, int interval, int reports) {}

    record Output(int reports) {}

    @Override
    public Output run(Input input, TaskContext context) throws Exception {
        var next = Instant.ofEpochMilli(input.startAt)
                .plusNanos(ThreadLocalRandom.current().nextLong(input.interval * 1_000_000L));
        for (var n = 1; n <= input.reports; n++, next = next.plusMillis(input.interval)) {
            var pause = Duration.between(Instant.now(), next);
            if (pause.isPositive()) {
                context.pause(pause);
            }
            context.report(n, input.reports, String.valueOf(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now())));
        }
        return new Output(input.reports);
    }
}
