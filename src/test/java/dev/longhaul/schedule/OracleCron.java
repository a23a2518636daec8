package dev.longhaul.schedule;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;

/// A cron line as slow and plain as can be: it looks at the wall clock every minute and never thinks ahead. It shares
/// nothing with the code it judges.
record OracleCron(String text, BitSet minutes, BitSet hours, BitSet days, BitSet months, BitSet weekdays) {

    static OracleCron of(String minute, String hour, Random random) {
        var day = random.nextInt(4) == 0 ? randomField(random, 28) : "*";
        var month = random.nextInt(6) == 0 ? "1-12/" + (1 + random.nextInt(2)) : "*";
        var weekday = random.nextInt(4) == 0 ? random.nextInt(4) + "-" + (4 + random.nextInt(3)) : "*";
        day = day.equals("0") || day.startsWith("0,") || day.startsWith("0-") ? "1" : day;
        return new OracleCron(String.join(" ", minute, hour, day, month, weekday), bits(minute, 60), bits(hour, 24),
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

    /// The moments after `from` up to `until`.
    List<Instant> walk(ZoneId zone, Instant from, Instant until) {
        var moments = new ArrayList<Instant>();
        // what the wall clock had shown before
        var beginning = from.truncatedTo(ChronoUnit.MINUTES).minus(3, ChronoUnit.HOURS);
        var shown = LocalDateTime.ofInstant(beginning, zone).minusMinutes(1);              // the latest it ever did
        for (var now = beginning; !now.isAfter(until); now = now.plus(1, ChronoUnit.MINUTES)) {
            var wall = LocalDateTime.ofInstant(now, zone);
            var isDue = false;
            while (shown.isBefore(wall)) {   // more than once when the clock goes forward, never when it repeats itself
                shown = shown.plusMinutes(1);
                isDue |= fits(shown);
            }
            if (isDue && now.isAfter(from)) {
                moments.add(now);
            }
        }
        return moments;
    }

    private boolean fits(LocalDateTime wall) {
        return minutes.get(wall.getMinute()) && hours.get(wall.getHour()) && days.get(wall.getDayOfMonth())
                && months.get(wall.getMonthValue())
                && weekdays.get(wall.getDayOfWeek().getValue() % 7);
    }
}
