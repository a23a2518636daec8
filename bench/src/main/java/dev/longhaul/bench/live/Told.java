package dev.longhaul.bench.live;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// What a task of the bench said in an event's data: when it reported.
final class Told {

    private static final byte[] MESSAGE = "\"message\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] COMPLETED = "\"status\":\"completed\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] ALL = "\"progress\":100".getBytes(StandardCharsets.US_ASCII);

    private Told() {
    }

    /// @return microseconds since 1970, or 0 if the message says something else
    static long at(byte[] bytes, int from, int to) {
        var micros = 0L;
        for (var at = find(MESSAGE, bytes, from, to) + MESSAGE.length; at < to && bytes[at] != '"'; at++) {
            if (bytes[at] < '0' || bytes[at] > '9') {
                return 0;
            }
            micros = micros * 10 + bytes[at] - '0';
        }
        return micros;
    }

    static boolean isCompleted(byte[] bytes, int from, int to) {
        return find(COMPLETED, bytes, from, to) < to && find(ALL, bytes, from, to) < to;
    }

    private static int find(byte[] word, byte[] bytes, int from, int to) {
        for (var at = from; at + word.length <= to; at++) {
            if (bytes[at] == word[0] && Arrays.equals(bytes, at, at + word.length, word, 0, word.length)) {
                return at;
            }
        }
        return to;
    }
}
