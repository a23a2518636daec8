package dev.longhaul.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/// A simple and slow reference implementation of cron: it checks every minute. It shares no code with the
/// implementation under test.
record MinuteByMinuteCron(String text, BitSet minutes, BitSet hours, BitSet days, BitSet months, BitSet weekdays) {

    static MinuteByMinuteCron of(String minute, String hour, Random random) {
        var day = random.nextInt(4) == 0 ? randomField(random, 28) : "*";
        var month = random.nextInt(6) == 0 ? "1-12/" + (1 + random.nextInt(2)) : "*";
        var weekday = random.nextInt(4) == 0 ? random.nextInt(4) + "-" + (4 + random.nextInt(3)) : "*";
        day = day.equals("0") || day.startsWith("0,") || day.startsWith("0-") ? "1" : day;
        return new MinuteByMinuteCron(String.join(" ", minute, hour, day, month, weekday), bits(minute, 60),
                bits(hour, 24),
                bits(day, 32), bits(month, 13), bits(weekday, 7));
    }

    /// `*`, a number, a list, a range or a step, below `limit`.
    static String randomField(Random random, int limit) {
        var one = 1 + random.nextInt(limit - 1);
        return switch (random.nextInt(6)) {
            case 0 -> "*";
            case 1 -> "*/" + (1 + random.nextInt(limit / 2));
            case 2 -> Math.min(one, limit / 2) + "-" + (limit / 2 + random.nextInt(limit / 2));
            case 3 -> one + "," + (1 + random.nextInt(limit - 1)) + "," + (1 + random.nextInt(limit - 1));
            default -> String.valueOf(one);
        };
    }

    private static BitSet bits(String field, int limit) {
        var bits = new BitSet();
        for (var part : field.split(",")) {
            var step = part.contains("/") ? Integer.parseInt(part.substring(part.indexOf('/') + 1)) : 1;
            var range = part.replaceAll("/.*", "");
            var from = range.equals("*") ? limit == 13 || limit == 32
                    ? 1 : 0 : Integer.parseInt(range.replaceAll("-.*", ""));
            var to = range.equals("*") ? limit - 1 : Integer.parseInt(range.replaceAll(".*-", ""));
            for (var n = from; n <= to; n += step) {
                bits.set(n);
            }
        }
        return bits;
    }

    /// The run times after `from` up to `until`.
    List<Instant> runTimes(ZoneId zone, Instant from, Instant until) {
        var runTimes = new ArrayList<Instant>();
        // start early, to know the latest local time before `from`
        var beginning = from.truncatedTo(ChronoUnit.MINUTES).minus(3, ChronoUnit.HOURS);
        var latest = LocalDateTime.ofInstant(beginning, zone).minusMinutes(1);              // latest local time so far
        for (var now = beginning; !now.isAfter(until); now = now.plus(1, ChronoUnit.MINUTES)) {
            var wall = LocalDateTime.ofInstant(now, zone);
            var isDue = false;
            while (latest.isBefore(wall)) {   // several times in a gap, not at all in an overlap
                latest = latest.plusMinutes(1);
                isDue |= matches(latest);
            }
            if (isDue && now.isAfter(from)) {
                runTimes.add(now);
            }
        }
        return runTimes;
    }

    private boolean matches(LocalDateTime wall) {
        return minutes.get(wall.getMinute()) && hours.get(wall.getHour()) && days.get(wall.getDayOfMonth())
                && months.get(wall.getMonthValue())
                && weekdays.get(wall.getDayOfWeek().getValue() % 7);
    }
}
