package dev.longhaul.schedule;

import dev.longhaul.operation.Text;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.zone.ZoneRules;
import java.util.Optional;
import org.springframework.scheduling.support.CronExpression;

/// When a schedule is due.
public sealed interface Timing {

    /// The first moment after another. Empty: there is none.
    Optional<Instant> next(Instant after);

    /// The last moment up to another, which is not before `earliest`, itself one of its moments.
    Instant last(Instant earliest, Instant upTo);

    /// By a cron line on the wall clock of a zone.
    ///
    /// A moment that the zone skips (02:30 on the night the clocks go forward) is due when the clock goes on, at 03:00;
    /// one that comes twice is due the first time. `CronExpression` on zoned time does neither, so it is asked for
    /// local times, and the zone is applied to what it says.
    ///
    /// @param line five fields (minute, hour, day of month, month, day of week), or six with seconds first, or
    ///             `@hourly`, `@daily`, `@midnight`, `@weekly`, `@monthly`, `@yearly`; with `L`, `W` and `#` as Spring
    ///             has them. Day of month and day of week must both fit
    record Cron(String line, ZoneId zone, CronExpression expression) implements Timing {

        private static final int LONGEST = 200;

        /// @throws IllegalArgumentException if the line cannot be understood or is never due, or there is no such zone
        public static Cron of(String line, String zone) {
            return of(line, zone(zone));
        }

        public static Cron of(String line, ZoneId zone) {
            Text.storable("cron", line, LONGEST);
            var fields = line.strip().split("\\s+");
            if (!line.strip().startsWith("@") && fields.length != 5 && fields.length != 6) {
                throw new IllegalArgumentException("cron must have five fields such as \"30 2 * * *\", or six with "
                        + "seconds first, not " + Text.quoted(line));
            }
            try {
                var cron = new Cron(String.join(" ", fields), zone, CronExpression.parse(fields.length == 5
                        ? "0 " + String.join(" ", fields) : String.join(" ", fields)));
                if (cron.expression.next(LocalDateTime.of(2000, 1, 1, 0, 0)) == null) {
                    throw new IllegalArgumentException("cron " + Text.quoted(line) + " is never due");
                }
                return cron;
            } catch (IllegalArgumentException | DateTimeException unreadable) {
                if (String.valueOf(unreadable.getMessage()).endsWith("is never due")) {
                    throw unreadable;
                }
                throw new IllegalArgumentException("cron must be a line such as \"30 2 * * MON-FRI\", not "
                        + Text.quoted(line) + ": " + unreadable.getMessage());
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
                local = expression.next(local);
                if (local == null) {
                    return Optional.empty();
                }
                var moment = moment(local, zone.getRules());
                if (moment.isAfter(after)) {
                    return Optional.of(moment);
                }
            }
        }

        /// Never earlier for a later local time, so that the search above cannot pass a moment.
        private static Instant moment(LocalDateTime local, ZoneRules rules) {
            var transition = rules.getTransition(local);
            if (transition == null) {
                return local.toInstant(rules.getOffset(local));
            }
            return transition.isGap() ? transition.getInstant() : local.toInstant(transition.getOffsetBefore());
        }

        /// Tries ever longer looks back, so that a line of every second is not walked through for a year.
        @Override
        public Instant last(Instant earliest, Instant upTo) {
            for (var back : new int[] {60, 3_600, 86_400, 40 * 86_400, 400 * 86_400}) {
                var from = upTo.minusSeconds(back);
                var found = from.isBefore(earliest) ? Optional.of(earliest) : next(from)
                        .filter(moment -> !moment.isAfter(upTo));
                if (found.isPresent()) {
                    return walk(found.get(), upTo);
                }
            }
            return walk(earliest, upTo);
        }

        private Instant walk(Instant from, Instant upTo) {
            var last = from;
            for (var next = next(from); next.isPresent() && !next.get().isAfter(upTo); next = next(last)) {
                last = next.get();
            }
            return last;
        }
    }

    /// At `anchor` and every so long after it, whatever the wall clocks do.
    record Every(Duration interval, Instant anchor) implements Timing {

        private static final Duration LONGEST = Duration.ofDays(3_660);

        public Every {
            if (interval.compareTo(Duration.ofSeconds(1)) < 0 || interval.compareTo(LONGEST) > 0
                    || interval.toNanos() % 1_000_000 != 0) {
                throw new IllegalArgumentException("every must be between 1s and 3660 days, in whole milliseconds, not "
                        + interval);
            }
        }

        @Override
        public Optional<Instant> next(Instant after) {
            return Optional.of(after.isBefore(anchor) ? anchor : at(after).plus(interval));
        }

        @Override
        public Instant last(Instant earliest, Instant upTo) {
            return at(upTo);
        }

        private Instant at(Instant moment) {
            return anchor.plus(interval.multipliedBy(Duration.between(anchor, moment).dividedBy(interval)));
        }
    }

    /// Once.
    record Once(Instant at) implements Timing {

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
