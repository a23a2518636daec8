package dev.longhaul.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Each local time counts once, also when daylight saving changes.
class TimingTest {

    private static final Logger log = LoggerFactory.getLogger(TimingTest.class);
    private static final Instant BEGINNING = Instant.parse("2006-01-01T00:00:00Z");
    private static final Instant END = Instant.parse("2027-01-01T00:00:00Z");

    /// Random expressions around every transition of every zone in 21 years, compared with a reference implementation.
    @Test
    void agreesWithAReferenceThatChecksEveryMinute() {
        var seed = Long.getLong("seed", System.nanoTime());
        log.info("seed {}", seed);
        var random = new Random(seed);
        var checks = 0;
        for (var zone : zones()) {
            for (var change : changes(zone)) {
                check(zone, change.getInstant().minus(Duration.ofHours(4 + random.nextInt(30))), line(change, random));
                checks++;
            }
            for (var n = 0; n < 3; n++) {
                check(zone, BEGINNING.plusSeconds(random.nextLong(END.getEpochSecond() - BEGINNING.getEpochSecond())),
                        line(null, random));
                checks++;
            }
        }
        log.info("{} checks", checks);
        assertThat(checks).isGreaterThan(3_000);
    }

    private static void check(ZoneId zone, Instant from, MinuteByMinuteCron line) {
        var until = from.plus(Duration.ofHours(60));
        var timing = Timing.Cron.of(line.text(), zone.getId());
        var computed = new ArrayList<Instant>();
        for (var at = timing.next(from); at.isPresent() && !at.get().isAfter(until); at = timing.next(at.get())) {
            computed.add(at.get());
        }
        assertThat(computed).as("%s in %s from %s", line.text(), zone, from)
                .isEqualTo(line.runTimes(zone, from, until));
        if (!computed.isEmpty()) {
            assertThat(timing.last(computed.getFirst(), until))
                    .as("the last of %s in %s up to %s", line.text(), zone, until).isEqualTo(computed.getLast());
        }
    }

    /// One zone per set of rules.
    private static List<ZoneId> zones() {
        var seen = new HashSet<Object>();
        return ZoneId.getAvailableZoneIds().stream().sorted().map(ZoneId::of).filter(zone -> seen.add(zone.getRules()))
                .toList();
    }

    private static List<ZoneOffsetTransition> changes(ZoneId zone) {
        var changes = new ArrayList<ZoneOffsetTransition>();
        for (var next = zone.getRules().nextTransition(BEGINNING); next != null
                && next.getInstant().isBefore(END); next = zone.getRules().nextTransition(next.getInstant())) {
            changes.add(next);
        }
        return changes;
    }

    /// Half of them select the hour of the transition.
    private static MinuteByMinuteCron line(ZoneOffsetTransition change, Random random) {
        var hour = change == null || random.nextBoolean()
                ? MinuteByMinuteCron.randomField(random, 24) : String.valueOf(change.getDateTimeBefore().getHour());
        return MinuteByMinuteCron.of(MinuteByMinuteCron.randomField(random, 60), hour, random);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            30 2 * * *    | Europe/Berlin    | 2026-03-28T12:00:00Z | 2026-03-29T01:00:00Z | 2026-03-30T00:30:00Z
            30 2 * * *    | Europe/Berlin    | 2026-10-24T12:00:00Z | 2026-10-25T00:30:00Z | 2026-10-26T01:30:00Z
            30 1 * * *    | America/New_York | 2026-10-31T12:00:00Z | 2026-11-01T05:30:00Z | 2026-11-02T06:30:00Z
            0 0 30 12 *   | Pacific/Apia     | 2011-12-29T12:00:00Z | 2011-12-30T10:00:00Z | 2012-12-29T10:00:00Z
            45 1 * * *    | Australia/Lord_Howe | 2026-04-04T00:00:00Z | 2026-04-04T14:45:00Z | 2026-04-05T15:15:00Z
            0 9 29 2 *    | UTC              | 2026-01-01T00:00:00Z | 2028-02-29T09:00:00Z | 2032-02-29T09:00:00Z
            */20 * * * * * | UTC             | 2026-01-01T00:00:01Z | 2026-01-01T00:00:20Z | 2026-01-01T00:00:40Z
            0 18 L * *    | UTC              | 2026-02-01T00:00:00Z | 2026-02-28T18:00:00Z | 2026-03-31T18:00:00Z
            0 9 * * MON#1 | UTC              | 2026-01-01T00:00:00Z | 2026-01-05T09:00:00Z | 2026-02-02T09:00:00Z
            @daily        | +05:30           | 2026-01-01T00:00:00Z | 2026-01-01T18:30:00Z | 2026-01-02T18:30:00Z
            """)
    void daylightSavingAndSpecialDays(String line, String zone, Instant from, Instant first, Instant second) {
        var timing = Timing.Cron.of(line, zone);

        assertThat(timing.next(from)).contains(first);
        assertThat(timing.next(first)).contains(second);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "* * * *", "60 * * * *", "* 24 * * *", "* * 32 * *", "* * * 13 *", "* * * * 8",
            "*/0 * * * *", "5-1 * * * *", "0-99999999999 * * * *",
            "-1 * * * *", "a b c d e", "* * * * * * *", "0 0 31 2 *", "@never", "* * * * *\u0000",
            "'; drop table schedule; --"})
    void anInvalidExpressionIsRefusedWithAReason(String line) {
        assertThatThrownBy(() -> Timing.Cron.of(line, "UTC")).isInstanceOf(IllegalArgumentException.class).message()
                .startsWith("cron ").hasSizeLessThan(400);
    }

    @Test
    void aLongExpressionIsRefused() {
        assertThatThrownBy(() -> Timing.Cron.of("0-59,".repeat(1_000) + "0 * * * *", "UTC"))
                .hasMessage("cron must be at most 200 characters, not 5009");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Mars/Olympus", "europe/berlin", "+25:00", "UTC; drop", "../../etc/passwd"})
    void anUnknownZoneIsRefused(String zone) {
        assertThatThrownBy(() -> Timing.Cron.of("0 0 * * *", zone)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("zone must be one of the tz database");
    }

    @Test
    void anIntervalStaysAlignedToItsAnchor() {
        var anchor = Instant.parse("2026-01-01T00:00:00Z");
        var timing = new Timing.Every(Duration.ofMinutes(7), anchor);

        assertThat(timing.next(anchor.minusSeconds(1))).contains(anchor);
        assertThat(timing.next(anchor)).contains(anchor.plusSeconds(7 * 60));
        assertThat(timing.next(anchor.plus(Duration.ofDays(400)).plusMillis(1)))
                .contains(anchor.plusSeconds(7 * 60 * (400 * 24 * 60 / 7 + 1)));
        assertThat(timing.last(anchor, anchor.plus(Duration.ofDays(400))))
                .isEqualTo(anchor.plusSeconds(7 * 60 * (400 * 24 * 60 / 7)));
        assertThatThrownBy(() -> new Timing.Every(Duration.ofMillis(10), anchor))
                .hasMessage("every must be between 1s and 3660 days, in whole milliseconds, not PT0.01S");
    }

    @Test
    void theLastRunTimeInAYearOfSecondsIsFoundQuickly() {
        var timing = Timing.Cron.of("* * * * * *", "UTC");
        var earliest = LocalDateTime.of(2025, 1, 1, 0, 0).toInstant(ZoneOffset.UTC);

        assertThat(timing.last(earliest, earliest.plus(Duration.ofDays(365))))
                .isEqualTo(earliest.plus(Duration.ofDays(365)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            */90 * * * *       | cron step 90 exceeds the 60 values of field minute; use every, e.g. 90m
            */75 * * * * *     | cron step 75 exceeds the 60 values of field second; use every, e.g. 75s
            5-50/61 * * * *    | cron step 61 exceeds the 60 values of field minute; use every, e.g. 61m
            0 0/36 * * *       | cron step 36 exceeds the 24 values of field hour; use every, e.g. 36h
            0 0 */45 * *       | cron step 45 exceeds the 31 values of field day of month; use every, e.g. 45d
            0 0 1 */13 *       | cron step 13 exceeds the 12 values of field month
            0 0 * * 1,*/8      | cron step 8 exceeds the 7 values of field day of week
            """)
    void aStepBeyondItsFieldIsRefusedWithTheCorrectSpelling(String expression, String message) {
        assertThatThrownBy(() -> Timing.Cron.of(expression, "UTC")).isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void aTimestampBeyondTheSupportedRangeIsRefused() {
        var beyond = Instant.parse("+294277-01-01T00:00:00Z");

        assertThatThrownBy(() -> new Timing.Once(beyond)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a timestamp must be between 1970");
        assertThatThrownBy(() -> new Timing.Every(Duration.ofMinutes(1), beyond))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a timestamp must be between 1970");
    }
}
