package dev.longhaul.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import dev.longhaul.operation.Submission;
import dev.longhaul.store.OperationStore;
import dev.longhaul.types.InvalidInput;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.json.JsonMapper;

/// Schedules start operations on time; the run log states why a run did not start.
@LonghaulTest
class SchedulesTest {

    private static final Caller ANN = new Caller("ann", "test");

    @Autowired
    Schedules schedules;
    @Autowired
    OperationStore store;
    @Autowired
    JsonMapper json;
    @Value("${test.superuser-url}")
    String superuserUrl;

    private final String name = "test " + UUID.randomUUID();

    @AfterEach
    void deleteSchedules() {
        psql("update schedule set deleted_at = now() where deleted_at is null; update operation set status = "
                + "'cancelled' where schedule_id is not null and status in ('pending', 'waiting', 'running')");
    }

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
        assertThat(text("select reason from audit.schedule_fires where name = '" + name
                + "' order by fire_at desc limit 1")).matches("paused by bob since .*: the mail server is down");

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

        psql("update schedule set next_fire = '%s' where id = '%s'; notify schedule_changed"
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

        psql(("update schedule set paused = false, next_fire = date_trunc('second', now() - interval '1 year') where "
                + "id = '%s'").formatted(schedule.id()));

        await().until(() -> schedules.find(name).nextRunAt().isAfter(Instant.now().minusSeconds(5)));
        assertThat(Long.parseLong(text("select count(*) from schedule_fire where schedule_id = '" + schedule.id()
                + "'")) - before).isBetween(100L, 200L);
        assertThat(text("select count(*) from schedule_fire where reason like '%as were all runs until%' "
                + "and schedule_id = '" + schedule.id() + "'")).isEqualTo("1");
    }

    @Test
    void aScheduleInsertedInSqlRuns() {
        psql(("insert into schedule (name, every, type, input, overlap) values ('%s', '1 second', 'simulation', "
                + "'{\"duration_seconds\": 0, \"steps\": 1}', 'allow')").formatted(name));

        await().until(() -> runs().size() >= 2);

        psql("update schedule set cron = '30 2 * * *', every = null, zone = 'Europe/Berlin', reason = 'nightly' "
                + "where name = '" + name + "'");
        await().until(() -> schedules.find(name).nextRunComputed());
        assertThat(schedules.find(name).nextRunAt())
                .isEqualTo(schedules.preview(Timing.Cron.of("30 2 * * *", "Europe/Berlin"), null, 1).getFirst());
    }

    @Test
    void anInvalidRowIsPausedAndBlocksNoOtherSchedule() {
        psql("insert into schedule (name, cron, type) values ('invalid %s', '61 * * * *', 'simulation')"
                .formatted(name));
        schedules.create(everySecond(shortWork()).withOverlap(OverlapPolicy.ALLOW), null, ANN);

        await().until(() -> runs().size() >= 2);
        assertThat(text("select paused || ' ' || paused_reason from schedule where name = 'invalid " + name + "'"))
                .startsWith("true cron must be an expression such as");
        assertThat(schedules.list("", 200)).extracting(schedule -> schedule.spec().name()).contains(name)
                .doesNotContain("invalid " + name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"once_at = 'infinity', every = null", "anchor = 'infinity'",
            "once_at = '290000-01-01', every = null",
            "anchor = '4000-01-01 BC'"})
    void aTimestampBeyondTheSupportedRangeInSqlBlocksNoOtherSchedule(String change) {
        psql("insert into schedule (name, every, type) values ('invalid %1$s', '1 hour', 'simulation')"
                .formatted(name));
        psql("update schedule set %s where name = 'invalid %s'".formatted(change, name));
        schedules.create(everySecond(shortWork()).withOverlap(OverlapPolicy.ALLOW), null, ANN);

        await().until(() -> runs().size() >= 2);
        await().until(() -> text("select paused::text from schedule where name = 'invalid " + name + "'")
                .equals("true"));
        assertThat(text("select paused_reason from schedule where name = 'invalid " + name + "'"))
                .startsWith("a timestamp must be between");
    }

    @Test
    void aPageIsFullAlthoughInvalidRowsComeFirst() {
        schedules.create(everySecond(shortWork()), null, ANN);
        psql("insert into schedule (name, cron, type) select '!' || n || '%s', '61 * * * *', 'simulation' from "
                .formatted(name) + "generate_series(1, 5) as n");

        assertThat(schedules.list("", 1)).extracting(schedule -> schedule.spec().name()).containsExactly(name);
        assertThat(schedules.list(name, 1)).isEmpty();
    }

    @Test
    void aTimestampBeyondTheSupportedRangeIsRefusedInEveryRequest() {
        schedules.create(everySecond(shortWork()), null, ANN);
        var beyond = Instant.parse("+300000-01-01T00:00:00Z");

        assertThatThrownBy(() -> schedules.runs(name, beyond, 10)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> schedules.backfill(name, Instant.MIN, Instant.now(), null, ANN))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> schedules.preview(Timing.Cron.of("* * * * *", "UTC"), Instant.MAX, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aScheduleIsTriggeredAndBackfilled() {
        schedules.create(new ScheduleSpec(name, Timing.Cron.of("0 0 * * *", "UTC"), Duration.ZERO, OverlapPolicy.SKIP,
                CatchUpPolicy.SKIP, shortWork()), null, ANN);

        var started = schedules.trigger(name, "on request", ANN);
        assertThat(runs().getFirst().operationId()).isEqualTo(started.id().value());
        assertThat(runs().getFirst().cause()).isEqualTo("hand");

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
                ANN)).hasMessageStartingWith("at must be a shortWork to come, not ");
    }

    @Test
    void aScheduleThatCouldNeverRunIsRefused() {
        assertThatThrownBy(() -> schedules.create(everySecond(Submission.of("csv_import", json.createObjectNode())),
                null, ANN)).isInstanceOf(InvalidInput.class);
        schedules.create(everySecond(shortWork()), null, ANN);
        assertThatThrownBy(() -> schedules.create(everySecond(shortWork()), null, ANN))
                .isInstanceOf(ScheduleNameTaken.class).hasMessage("schedule \"" + name + "\" already exists");
        schedules.delete(name, "not needed", ANN);
        assertThatThrownBy(() -> schedules.find(name)).isInstanceOf(ScheduleNotFound.class);
        assertThat(schedules.create(everySecond(shortWork()), null, ANN).spec().name()).as("the name is free again")
                .isEqualTo(name);
    }

    private ScheduleSpec everySecond(Submission work) {
        return ScheduleSpec.of(name,
                new Timing.Every(Duration.ofSeconds(1), Instant.parse(text("select to_char(now() at time zone 'UTC', "
                + "'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"))), work);
    }

    private Submission shortWork() {
        return simulation(0);
    }

    private Submission longWork() {
        return simulation(60);
    }

    private Submission simulation(int seconds) {
        return Submission.of("simulation", json.createObjectNode().put("duration_seconds", seconds).put("steps",
                Math.max(1, seconds * 10)));
    }

    private List<ScheduledRun> runs() {
        return schedules.runs(name, null, 200);
    }

    private Operation operation(ScheduledRun run) {
        return store.find(new OperationId(run.operationId())).orElseThrow();
    }

    private String text(String query) {
        return JdbcClient.create(new DriverManagerDataSource(superuserUrl)).sql(query).query(String.class).single();
    }

    private void psql(String statements) {
        JdbcClient.create(new DriverManagerDataSource(superuserUrl)).sql(statements).update();
    }
}
