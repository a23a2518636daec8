package dev.longhaul.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Schedules start operations on time; the run log states why a run did not start.
class SchedulesTest extends ScheduleTest {

    @Test
    void anOperationStartsEverySecondAndIsLogged() {
        var schedule = schedules.create(everySecond(shortWork()).withOverlap(OverlapPolicy.ALLOW), "to see it", ANN);

        await().until(() -> runs().size() >= 3);

        assertThat(runs()).allSatisfy(run -> {
            assertThat(run.outcome()).isEqualTo("started");
            assertThat(operation(run).createdAt()).isAfterOrEqualTo(run.at());
            assertThat(Duration.between(((Timing.Every) schedule.spec().timing()).anchor(), run.at())
                    .toNanos() % 1_000_000_000).as("a multiple of the interval").isZero();
        });
        assertThat(runs()).extracting(ScheduledRun::at).doesNotHaveDuplicates();
        var last = operation(runs().getLast());
        await().until(() -> store.find(last.id()).orElseThrow().isOver());
        assertThat(text("select reason from operation_history where seq = 1 and operation_id = '" + last.id() + "'"))
                .startsWith("schedule " + name + ", due at ");
        assertThat(text("select string_agg(event || ' by ' || changed_by || ': ' || reason, '') from "
                + "schedule_history where schedule_id = '" + schedule.id() + "'"))
                .isEqualTo("created by ann: to see it");
    }

    @Test
    void aRunIsSkippedWhileAnEarlierOperationIsUnfinished() {
        schedules.create(everySecond(longWork()), null, ANN);

        await().until(() -> runs().size() >= 2);

        var first = runs().getLast();
        assertThat(first.outcome()).isEqualTo("started");
        assertThat(runs().getFirst().outcome()).isEqualTo("skipped");
        assertThat(runs().getFirst().reason()).startsWith("operation " + first.operationId() + " of ")
                .endsWith(" is unfinished");

        store.cancel(new OperationId(first.operationId()), "it takes too long", ANN);
        await().until(() -> runs().stream().filter(run -> run.outcome().equals("started")).count() == 2);
    }

    @Test
    void theEarlierOperationIsCancelled() {
        schedules.create(everySecond(longWork()).withOverlap(OverlapPolicy.CANCEL_OLDER), null, ANN);

        await().until(() -> runs().size() >= 2 && operation(runs().getLast()).isOver());

        var first = operation(runs().getLast());
        assertThat(first.status()).isEqualTo(Status.CANCELLED);
        assertThat(text("select reason from operation_history where event in ('cancel_requested', 'status') and "
                + "to_status in ('running', 'cancelled') and reason is not null and operation_id = '"
                + first.id() + "' order by seq limit 1")).isEqualTo("schedule " + name + " is due again");
        await().until(() -> runs().stream().filter(run -> operation(run).startedAt() != null).count() >= 2);
    }

    @Test
    void aQueuedOperationRunsAfterTheEarlierOnes() {
        schedules.create(everySecond(longWork()).withOverlap(OverlapPolicy.QUEUE), null, ANN);

        await().until(() -> runs().size() >= 3 && operation(runs().getLast()).status() == Status.RUNNING);

        var inOrder = runs().reversed();
        assertThat(inOrder).extracting(ScheduledRun::outcome).startsWith("started", "queued", "queued");
        assertThat(inOrder.get(1).reason()).endsWith(" is unfinished: it starts afterwards");
        assertThat(inOrder.subList(1, 3))
                .allSatisfy(run -> assertThat(operation(run).status()).isEqualTo(Status.PENDING));

        store.cancel(operation(inOrder.getFirst()).id(), "it takes too long", ANN);
        await().until(() -> operation(inOrder.get(1)).status() == Status.RUNNING);
        assertThat(operation(inOrder.get(1)).startedAt()).isAfterOrEqualTo(operation(inOrder.getFirst()).finishedAt());
        assertThat(operation(inOrder.get(2)).status()).isEqualTo(Status.PENDING);

        store.cancel(operation(inOrder.get(1)).id(), "so does this one", ANN);
        await().until(() -> operation(inOrder.get(2)).status() == Status.RUNNING);
    }

    @Test
    void theLogStatesWhoPausedTheScheduleAndWhy() {
        schedules.create(everySecond(shortWork()), null, ANN);
        var paused = schedules.pause(name, "the mail server is down", new Caller("bob", "test"));

        assertThat(paused.pause().by()).isEqualTo("bob");
        await().until(() -> runs().stream().anyMatch(run -> run.outcome().equals("skipped")));
        assertThat(text("select reason from audit.scheduled_run where name = '" + name
                + "' order by scheduled_at desc limit 1")).matches("paused by bob since .*: the mail server is down");

        schedules.resume(name, "it is up again", ANN);
        await().until(() -> runs().getFirst().outcome().equals("started"));
        assertThat(text("select string_agg(event || coalesce(': ' || reason, ''), ', ' order by at) from "
                + "audit.schedule_history where schedule_id = '" + paused.id() + "'"))
                .isEqualTo("created, paused: the mail server is down, resumed: it is up again");
    }

    @ParameterizedTest
    @EnumSource
    void missedRunsFollowTheCatchUpPolicy(CatchUpPolicy policy) {
        var schedule = schedules.create(new ScheduleSpec(name, Timing.Cron.of("*/20 * * * *", "UTC"), Duration.ZERO,
                OverlapPolicy.ALLOW, policy, shortWork()), null, ANN);
        var now = Instant.now();
        var latest = schedule.spec().timing().last(now.minus(Duration.ofHours(2)), now);

        psql("update schedule set next_run_at = '%s' where id = '%s'; notify schedule_changed"
                .formatted(latest.minus(Duration.ofMinutes(60)), schedule.id()));

        await().until(() -> !runs().isEmpty());
        var isLate = latest.isBefore(runs().getFirst().decidedAt().minus(Duration.ofMinutes(1)));
        assertThat(runs().reversed()).extracting(ScheduledRun::outcome).containsExactlyElementsOf(switch (policy) {
            case SKIP -> List.of("missed", "missed", "missed", isLate ? "missed" : "started");
            case LATEST -> List.of("missed", "missed", "missed", "started");
            case ALL -> List.of("started", "started", "started", "started");
        });
        assertThat(runs().getFirst().at()).isEqualTo(latest);
    }

    @Test
    void aYearOfMissedSecondsIsProcessedAtOnce() {
        var schedule = schedules.create(new ScheduleSpec(name, Timing.Cron.of("* * * * * *", "UTC"), Duration.ZERO,
                OverlapPolicy.SKIP, CatchUpPolicy.LATEST, longWork()), null, ANN);
        await().until(() -> !runs().isEmpty());
        schedules.pause(name, null, ANN);
        var before = runs().size();

        psql(("update schedule set paused = false, next_run_at = date_trunc('second', now() - interval '1 year') where "
                + "id = '%s'").formatted(schedule.id()));

        await().until(() -> schedules.find(name).nextRunAt().isAfter(Instant.now().minusSeconds(5)));
        assertThat(Long.parseLong(text("select count(*) from scheduled_run where schedule_id = '" + schedule.id()
                + "'")) - before).isBetween(100L, 200L);
        assertThat(text("select count(*) from scheduled_run where reason like '%as were all runs until%' "
                + "and schedule_id = '" + schedule.id() + "'")).isEqualTo("1");
    }

    @Test
    void aScheduleIsTriggeredAndBackfilled() {
        schedules.create(new ScheduleSpec(name, Timing.Cron.of("0 0 * * *", "UTC"), Duration.ZERO, OverlapPolicy.SKIP,
                CatchUpPolicy.SKIP, shortWork()), null, ANN);

        var started = schedules.trigger(name, "on request", ANN);
        assertThat(runs().getFirst().operationId()).isEqualTo(started.id().value());
        assertThat(runs().getFirst().cause()).isEqualTo("manual");

        var from = Instant.parse("2026-01-01T00:00:00Z");
        assertThat(schedules.backfill(name, from, from.plus(Duration.ofDays(5)), "a new report", ANN)).isEqualTo(5);
        assertThat(schedules.backfill(name, from, from.plus(Duration.ofDays(7)), "two more", ANN))
                .as("those that were started are not again").isEqualTo(2);
        assertThat(runs()).hasSize(8);
    }

    @Test
    void aOneTimeScheduleRunsOnce() {
        var soon = Instant.now().plusSeconds(1);
        schedules.create(ScheduleSpec.of(name, new Timing.Once(soon), shortWork()).withJitter(Duration.ofMillis(500)),
                null, ANN);

        await().until(() -> !runs().isEmpty());

        assertThat(schedules.find(name).nextRunAt()).isNull();
        assertThat(operation(runs().getFirst()).runAt())
                .isBetween(runs().getFirst().at(), runs().getFirst().decidedAt().plusMillis(600));
        assertThatThrownBy(() -> schedules.create(ScheduleSpec.of(name + "2", new Timing.Once(soon), shortWork()), null,
                ANN)).hasMessageStartingWith("at must be in the future, not ");
    }
}
