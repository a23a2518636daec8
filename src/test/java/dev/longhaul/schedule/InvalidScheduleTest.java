package dev.longhaul.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.operation.Submission;
import dev.longhaul.types.InvalidInput;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Invalid schedules are refused; invalid rows, written in SQL, affect no other schedule.
class InvalidScheduleTest extends ScheduleTest {

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
    void aTimestampBeyondTheSupportedRangeIsRefusedInSql(String change) {
        psql("insert into schedule (name, every, type) values ('invalid %1$s', '1 hour', 'simulation')"
                .formatted(name));

        assertThatThrownBy(() -> psql("update schedule set %s where name = 'invalid %s'".formatted(change, name)))
                .hasMessageContaining("times_are_fit");
        assertThat(text("select paused::text from schedule where name = 'invalid " + name + "'")).isEqualTo("false");
    }

    @Test
    void aPageIsFullAlthoughInvalidRowsComeFirst() {
        schedules.create(everySecond(shortWork()), null, ANN);
        psql("insert into schedule (name, cron, type) select '!' || n || '%s', '61 * * * *', 'simulation' from "
                .formatted(name) + "generate_series(1, 5) as n");

        var first = schedules.list("", 200).getFirst();
        assertThat(schedules.list("", 1)).extracting(Schedule::id).containsExactly(first.id());
        assertThat(first.spec().name()).doesNotStartWith("!");
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
}
