package dev.longhaul.schedule;

import dev.longhaul.operation.InvalidMember;
import dev.longhaul.operation.Text;
import dev.longhaul.operation.Timestamps;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneRules;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.springframework.scheduling.support.CronExpression;

/// When a schedule runs.
public sealed interface Timing {

    /// The first run time after `after`. Empty: none.
    Optional<Instant> next(Instant after);

    /// The last run time up to `upTo`.
    ///
    /// @param earliest a run time not after `upTo`
    Instant last(Instant earliest, Instant upTo);

    /// By a cron expression in the local time of a zone.
    ///
    /// A local time that a daylight saving gap skips (02:30) runs at the end of the gap (03:00). A local time that
    /// occurs twice runs the first time. `CronExpression` on zoned times does neither, so it computes local times here,
    /// and the zone is applied to the result.
    ///
    /// @param expression five fields (minute, hour, day of month, month, day of week), or six with seconds first, or
    ///     `@hourly`, `@daily`, `@midnight`, `@weekly`, `@monthly`, `@yearly`; with `L`, `W` and `#` as in Spring. Day
    ///     of month and day of week must both match
    record Cron(String expression, ZoneId zone, CronExpression parsed) implements Timing {

        private static final int MAX_LENGTH = 200;
        private static final Pattern STEP = Pattern.compile("/(\\d{1,9})");
        private static final List<Field> FIELDS = List.of(new Field("second", 60, "s"), new Field("minute", 60, "m"),
                new Field("hour", 24, "h"), new Field("day of month", 31, "d"), new Field("month", 12, ""),
                new Field("day of week", 7, ""));

        /// @param unit unit of the same interval in `every`; empty: none
        private record Field(String name, int values, String unit) {}

        /// @throws IllegalArgumentException if the expression is invalid or never due, or the zone is unknown
        public static Cron of(String expression, String zone) {
            return of(expression, zone(zone));
        }

        public static Cron of(String expression, ZoneId zone) {
            Text.storable("cron", expression, MAX_LENGTH);
            var fields = expression.strip().split("\\s+");
            if (!expression.strip().startsWith("@") && fields.length != 5 && fields.length != 6) {
                throw new IllegalArgumentException("cron must have five fields such as \"30 2 * * *\", or six with "
                        + "seconds first, not " + Text.quoted(expression));
            }
            var cron = new Cron(String.join(" ", fields), zone, parse(expression, fields));
            requireStepsWithinFields(fields);
            if (cron.parsed.next(LocalDateTime.of(2000, 1, 1, 0, 0)) == null) {
                throw new IllegalArgumentException("cron " + Text.quoted(expression) + " is never due");
            }
            return cron;
        }

        private static CronExpression parse(String expression, String[] fields) {
            try {
                return CronExpression.parse((fields.length == 5 ? "0 " : "") + String.join(" ", fields));
            } catch (IllegalArgumentException | DateTimeException invalid) {
                throw new IllegalArgumentException("cron must be an expression such as \"30 2 * * MON-FRI\", not "
                        + Text.quoted(expression) + ": " + invalid.getMessage());
            }
        }

        /// Cron accepts a larger step and then runs once per round of the field, which is not what was meant.
        private static void requireStepsWithinFields(String[] fields) {
            for (var n = 0; n < fields.length; n++) {
                var field = FIELDS.get(6 - fields.length + n);
                STEP.matcher(fields[n]).results().map(step -> step.group(1))
                        .filter(step -> Integer.parseInt(step) > field.values).findFirst().ifPresent(step -> {
                            throw new IllegalArgumentException("cron step " + step + " exceeds the " + field.values
                                    + " values of field " + field.name
                                    + (field.unit.isEmpty() ? "" : "; use every, e.g. " + step + field.unit));
                        });
            }
        }

        private static ZoneId zone(String name) {
            try {
                return ZoneId.of(name);
            } catch (DateTimeException unknown) {
                throw new IllegalArgumentException("zone must be one of the tz database such as Europe/Berlin, or "
                        + "UTC, not " + Text.quoted(name));
            }
        }

        @Override
        public Optional<Instant> next(Instant after) {
            var local = LocalDateTime.ofInstant(after, zone);
            while (true) {
                local = parsed.next(local);
                if (local == null) {
                    return Optional.empty();
                }
                var runTime = toInstant(local, zone.getRules());
                if (runTime.isAfter(after)) {
                    return Optional.of(runTime);
                }
            }
        }

        /// Monotonic, so that the search above misses no run time.
        private static Instant toInstant(LocalDateTime local, ZoneRules rules) {
            var transition = rules.getTransition(local);
            if (transition == null) {
                return local.toInstant(rules.getOffset(local));
            }
            return transition.isGap() ? transition.getInstant() : local.toInstant(transition.getOffsetBefore());
        }

        /// Searches growing intervals before `upTo`, so that an expression for every second is not iterated over a
        /// year.
        @Override
        public Instant last(Instant earliest, Instant upTo) {
            for (var back : new int[] {60, 3_600, 86_400, 40 * 86_400, 400 * 86_400}) {
                var from = upTo.minusSeconds(back);
                var found = from.isBefore(earliest) ? Optional.of(earliest) : next(from)
                        .filter(runTime -> !runTime.isAfter(upTo));
                if (found.isPresent()) {
                    return lastFrom(found.get(), upTo);
                }
            }
            return lastFrom(earliest, upTo);
        }

        private Instant lastFrom(Instant from, Instant upTo) {
            var last = from;
            for (var next = next(from); next.isPresent() && !next.get().isAfter(upTo); next = next(last)) {
                last = next.get();
            }
            return last;
        }
    }

    /// At `anchor` and then at a fixed interval, independent of daylight saving.
    record Every(Duration interval, Instant anchor) implements Timing {

        private static final Duration MAX_INTERVAL = Duration.ofDays(3_660);

        public Every {
            if (interval.compareTo(Duration.ofSeconds(1)) < 0 || interval.compareTo(MAX_INTERVAL) > 0
                    || interval.toNanos() % 1_000_000 != 0) {
                throw new InvalidMember("/every", "every must be between 1s and 3660 days, in whole milliseconds, not "
                        + interval);
            }
            Timestamps.storable(anchor);
        }

        @Override
        public Optional<Instant> next(Instant after) {
            return Optional.of(after.isBefore(anchor) ? anchor : lastAt(after).plus(interval));
        }

        @Override
        public Instant last(Instant earliest, Instant upTo) {
            return lastAt(upTo);
        }

        private Instant lastAt(Instant time) {
            return anchor.plus(interval.multipliedBy(Duration.between(anchor, time).dividedBy(interval)));
        }
    }

    record Once(Instant at) implements Timing {

        public Once {
            Timestamps.storable(at);
        }

        @Override
        public Optional<Instant> next(Instant after) {
            return after.isBefore(at) ? Optional.of(at) : Optional.empty();
        }

        @Override
        public Instant last(Instant earliest, Instant upTo) {
            return at;
        }
    }
}
