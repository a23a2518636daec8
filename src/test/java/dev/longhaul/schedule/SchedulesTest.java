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
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.json.JsonMapper;

/// Schedules start what they say when they say it, and their log says why where they did not.
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
    void restOfTheTestsHaveTheirPeace() {
        psql("update schedule set deleted_at = now() where deleted_at is null; update operation set status = "
                + "'cancelled' where schedule_id is not null and status in ('pending', 'waiting', 'running')");
    }

    @Test
    void everySecondAnOperationStartsAndTheLogHasIt() {
        var schedule = schedules.create(everySecond(moment()).withOverlap(OverlapPolicy.ALLOW), "to see it", ANN);

        await().until(() -> fires().size() >= 3);

        assertThat(fires()).allSatisfy(fire -> {
            assertThat(fire.outcome()).isEqualTo("started");
            assertThat(operation(fire).createdAt()).isAfterOrEqualTo(fire.at());
            assertThat(Duration.between(((Timing.Every) schedule.terms().timing()).anchor(), fire.at())
                    .toNanos() % 1_000_000_000).as("on its beat").isZero();
        });
        assertThat(fires()).extracting(ScheduledRun::at).doesNotHaveDuplicates();
        var last = operation(fires().getLast());
        await().until(() -> store.find(last.id()).orElseThrow().isOver());
        assertThat(text("select reason from operation_history where seq = 1 and operation_id = '" + last.id() + "'"))
                .startsWith("schedule " + name + ", due at ");
        assertThat(text("select string_agg(event || ' by ' || changed_by || ': ' || reason, '') from "
                + "schedule_history where schedule_id = '" + schedule.id() + "'"))
                .isEqualTo("created by ann: to see it");
    }

    @Test
    void whileAnOlderOneIsNotOverAMomentIsSkippedAndSaysWhy() {
        schedules.create(everySecond(long60Seconds()), null, ANN);

        await().until(() -> fires().size() >= 2);

        var first = fires().getLast();
        assertThat(first.outcome()).isEqualTo("started");
        assertThat(fires().getFirst().outcome()).isEqualTo("skipped");
        assertThat(fires().getFirst().reason()).startsWith("operation " + first.operation() + " of ")
                .endsWith(" is not over");

        store.cancel(new OperationId(first.operation()), "it takes too long", ANN);
        await().until(() -> fires().stream().filter(fire -> fire.outcome().equals("started")).count() == 2);
    }

    @Test
    void theOlderOneMakesRoom() {
        schedules.create(everySecond(long60Seconds()).withOverlap(OverlapPolicy.CANCEL_OLDER), null, ANN);

        await().until(() -> fires().size() >= 2 && operation(fires().getLast()).isOver());

        var first = operation(fires().getLast());
        assertThat(first.status()).isEqualTo(Status.CANCELLED);
        assertThat(text("select reason from operation_history where event in ('cancel_requested', 'status') and "
                + "to_status in ('running', 'cancelled') and reason is not null and operation_id = '"
                + first.id() + "' order by seq limit 1")).isEqualTo("schedule " + name + " is due again");
        await().until(() -> fires().stream().filter(fire -> operation(fire).startedAt() != null).count() >= 2);
    }

    @Test
    void theNextOneQueuesBehindTheOlderAndThenRuns() {
        schedules.create(everySecond(long60Seconds()).withOverlap(OverlapPolicy.QUEUE), null, ANN);

        await().until(() -> fires().size() >= 3 && operation(fires().getLast()).status() == Status.RUNNING);

        var inTurn = fires().reversed();
        assertThat(inTurn).extracting(ScheduledRun::outcome).startsWith("started", "queued", "queued");
        assertThat(inTurn.get(1).reason()).endsWith(" is not over: it starts after it");
        assertThat(inTurn.subList(1, 3))
                .allSatisfy(fire -> assertThat(operation(fire).status()).isEqualTo(Status.PENDING));

        store.cancel(operation(inTurn.getFirst()).id(), "it takes too long", ANN);
        await().until(() -> operation(inTurn.get(1)).status() == Status.RUNNING);
        assertThat(operation(inTurn.get(1)).startedAt()).isAfterOrEqualTo(operation(inTurn.getFirst()).finishedAt());
        assertThat(operation(inTurn.get(2)).status()).isEqualTo(Status.PENDING);

        store.cancel(operation(inTurn.get(1)).id(), "so does this one", ANN);
        await().until(() -> operation(inTurn.get(2)).status() == Status.RUNNING);
    }

    @Test
    void whoAsksWhyLastNightsRunDidNotStartReadsWhoPausedItAndWhy() {
        schedules.create(everySecond(moment()), null, ANN);
        var paused = schedules.pause(name, "the mail server is down", new Caller("bob", "test"));

        assertThat(paused.pause().by()).isEqualTo("bob");
        await().until(() -> fires().stream().anyMatch(fire -> fire.outcome().equals("skipped")));
        assertThat(text("select reason from audit.schedule_fires where name = '" + name
                + "' order by fire_at desc limit 1")).matches("paused by bob since .*: the mail server is down");

        schedules.resume(name, "it is up again", ANN);
        await().until(() -> fires().getFirst().outcome().equals("started"));
        assertThat(text("select string_agg(event || coalesce(': ' || reason, ''), ', ' order by at) from "
                + "audit.schedule_history where schedule_id = '" + paused.id() + "'"))
                .isEqualTo("created, paused: the mail server is down, resumed: it is up again");
    }

    @ParameterizedTest
    @EnumSource
    void whatPassedWhileNoNodeWasAtWork(CatchUpPolicy policy) {
        var schedule = schedules.create(new ScheduleSpec(name, Timing.Cron.of("*/20 * * * *", "UTC"), Duration.ZERO,
                OverlapPolicy.ALLOW, policy, moment()), null, ANN);
        var now = Instant.now();
        var latest = schedule.terms().timing().last(now.minus(Duration.ofHours(2)), now);

        psql("update schedule set next_fire = '%s' where id = '%s'; notify schedule_changed"
                .formatted(latest.minus(Duration.ofMinutes(60)), schedule.id()));

        await().until(() -> !fires().isEmpty());
        var isLate = latest.isBefore(fires().getFirst().decidedAt().minus(Duration.ofMinutes(1)));
        assertThat(fires().reversed()).extracting(ScheduledRun::outcome).containsExactlyElementsOf(switch (policy) {
            case SKIP -> List.of("missed", "missed", "missed", isLate ? "missed" : "started");
            case LATEST -> List.of("missed", "missed", "missed", "started");
            case ALL -> List.of("started", "started", "started", "started");
        });
        assertThat(fires().getFirst().at()).isEqualTo(latest);
    }

    @Test
    void aYearOfSecondsIsMissedInAMoment() {
        var schedule = schedules.create(new ScheduleSpec(name, Timing.Cron.of("* * * * * *", "UTC"), Duration.ZERO,
                OverlapPolicy.SKIP, CatchUpPolicy.LATEST, long60Seconds()), null, ANN);
        await().until(() -> !fires().isEmpty());
        schedules.pause(name, null, ANN);
        var before = fires().size();

        psql(("update schedule set paused = false, next_fire = date_trunc('second', now() - interval '1 year') where "
                + "id = '%s'").formatted(schedule.id()));

        await().until(() -> schedules.find(name).nextFire().isAfter(Instant.now().minusSeconds(5)));
        assertThat(Long.parseLong(text("select count(*) from schedule_fire where schedule_id = '" + schedule.id()
                + "'")) - before).isBetween(100L, 200L);
        assertThat(text("select count(*) from schedule_fire where reason like '%as were all moments from here to%' "
                + "and schedule_id = '" + schedule.id() + "'")).isEqualTo("1");
    }

    @Test
    void oneThatIsTypedInPsqlWorksToo() {
        psql(("insert into schedule (name, every, type, input, overlap) values ('%s', '1 second', 'rehearsal', "
                + "'{\"duration_seconds\": 0, \"steps\": 1}', 'allow')").formatted(name));

        await().until(() -> fires().size() >= 2);

        psql("update schedule set cron = '30 2 * * *', every = null, zone = 'Europe/Berlin', reason = 'nightly' "
                + "where name = '" + name + "'");
        await().until(() -> schedules.find(name).reckoned());
        assertThat(schedules.find(name).nextFire())
                .isEqualTo(schedules.preview(Timing.Cron.of("30 2 * * *", "Europe/Berlin"), null, 1).getFirst());
    }

    @Test
    void oneThatIsMistypedInPsqlStopsNobodyElse() {
        psql("insert into schedule (name, cron, type) values ('mistyped %s', '61 * * * *', 'rehearsal')"
                .formatted(name));
        schedules.create(everySecond(moment()).withOverlap(OverlapPolicy.ALLOW), null, ANN);

        await().until(() -> fires().size() >= 2);
        assertThat(text("select paused || ' ' || paused_reason from schedule where name = 'mistyped " + name + "'"))
                .startsWith("true cron must be a line such as");
        assertThat(schedules.list("", 200)).extracting(schedule -> schedule.terms().name()).contains(name)
                .doesNotContain("mistyped " + name);
    }

    @Test
    void itIsStartedByHandAndForThePast() {
        schedules.create(new ScheduleSpec(name, Timing.Cron.of("0 0 * * *", "UTC"), Duration.ZERO, OverlapPolicy.SKIP,
                CatchUpPolicy.SKIP, moment()), null, ANN);

        var started = schedules.trigger(name, "the boss asks", ANN);
        assertThat(fires().getFirst().operation()).isEqualTo(started.id().value());
        assertThat(fires().getFirst().cause()).isEqualTo("hand");

        var from = Instant.parse("2026-01-01T00:00:00Z");
        assertThat(schedules.backfill(name, from, from.plus(Duration.ofDays(5)), "a new report", ANN)).isEqualTo(5);
        assertThat(schedules.backfill(name, from, from.plus(Duration.ofDays(7)), "two more", ANN))
                .as("those that were started are not again").isEqualTo(2);
        assertThat(fires()).hasSize(8);
    }

    @Test
    void onceIsOnce() {
        var soon = Instant.now().plusSeconds(1);
        schedules.create(ScheduleSpec.of(name, new Timing.Once(soon), moment()).withJitter(Duration.ofMillis(500)),
                null, ANN);

        await().until(() -> !fires().isEmpty());

        assertThat(schedules.find(name).nextFire()).isNull();
        assertThat(operation(fires().getFirst()).runAt())
                .isBetween(fires().getFirst().at(), fires().getFirst().decidedAt().plusMillis(600));
        assertThatThrownBy(() -> schedules.create(ScheduleSpec.of(name + "2", new Timing.Once(soon), moment()), null,
                ANN)).hasMessageStartingWith("at must be a moment to come, not ");
    }

    @Test
    void whatCouldNeverRunIsRefused() {
        assertThatThrownBy(() -> schedules.create(everySecond(Submission.of("csv_import", json.createObjectNode())),
                null, ANN)).isInstanceOf(InvalidInput.class);
        schedules.create(everySecond(moment()), null, ANN);
        assertThatThrownBy(() -> schedules.create(everySecond(moment()), null, ANN))
                .isInstanceOf(ScheduleNameTaken.class).hasMessage("there is a schedule \"" + name + "\" already");
        schedules.delete(name, "not needed", ANN);
        assertThatThrownBy(() -> schedules.find(name)).isInstanceOf(ScheduleNotFound.class);
        assertThat(schedules.create(everySecond(moment()), null, ANN).terms().name()).as("the name is free again")
                .isEqualTo(name);
    }

    private ScheduleSpec everySecond(Submission work) {
        return ScheduleSpec.of(name,
                new Timing.Every(Duration.ofSeconds(1), Instant.parse(text("select to_char(now() at time zone 'UTC', "
                + "'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')"))), work);
    }

    private Submission moment() {
        return rehearsal(0);
    }

    private Submission long60Seconds() {
        return rehearsal(60);
    }

    private Submission rehearsal(int seconds) {
        return Submission.of("rehearsal", json.createObjectNode().put("duration_seconds", seconds).put("steps",
                Math.max(1, seconds * 10)));
    }

    private List<ScheduledRun> fires() {
        return schedules.fires(name, null, 200);
    }

    private Operation operation(ScheduledRun fire) {
        return store.find(new OperationId(fire.operation())).orElseThrow();
    }

    private String text(String query) {
        return JdbcClient.create(new DriverManagerDataSource(superuserUrl)).sql(query).query(String.class).single();
    }

    private void psql(String statements) {
        JdbcClient.create(new DriverManagerDataSource(superuserUrl)).sql(statements).update();
    }
}
