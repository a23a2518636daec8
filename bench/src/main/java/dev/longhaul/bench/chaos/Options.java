package dev.longhaul.bench.chaos;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// The arguments of `bench/chaos`.
///
/// @param minutes    the longest time of the rounds
/// @param rounds     the number of rounds that bit after which they end
/// @param lease      of the nodes
/// @param isDefault  true: the nodes have their default settings
/// @param fault      part of the names of the faults to inject; empty: all
/// @param isKept     true: the temporary directory stays
/// @param isSelfTest true: no rounds; the judge is judged
record Options(int minutes, long seed, int rounds, Duration lease, boolean isDefault, String fault, boolean isKept,
        boolean isSelfTest) {

    static final String USAGE = """
            usage: bench/chaos MINUTES SEED [--rounds N] [--lease 3s] [--defaults] [--fault TEXT] [--keep]
                   bench/chaos --self-test [--keep]
              --rounds N    end after N rounds that bit
              --lease 3s    the nodes' lease, in seconds; default 3s
              --defaults    default settings of the nodes, with a lease of 15 s
              --fault TEXT  only faults whose name contains TEXT, with _ for a space
              --keep        keep the temporary directory: data, logs, journal
              --self-test   plant bugs into a recorded run; the judge must find each""";

    private static final Duration DEFAULT_LEASE = Duration.ofSeconds(15);

    static Options parse(String[] arguments) {
        var minutes = 0;
        var seed = 0L;
        var rounds = Integer.MAX_VALUE;
        var lease = Duration.ofSeconds(3);
        var fault = "";
        var flags = new ArrayList<String>();
        var numbers = new ArrayList<Long>();
        for (var n = 0; n < arguments.length; n++) {
            switch (arguments[n]) {
                case "--rounds" -> rounds = (int) number(value(arguments, ++n));
                case "--lease" -> lease = Duration.ofSeconds(number(value(arguments, ++n).replaceFirst("s$", "")));
                case "--fault" -> fault = value(arguments, ++n).replace('_', ' ');
                case "--defaults", "--keep", "--self-test" -> flags.add(arguments[n]);
                default -> numbers.add(number(arguments[n]));
            }
        }
        var isSelfTest = flags.contains("--self-test");
        if (numbers.size() != (isSelfTest ? 0 : 2)) {
            throw new IllegalArgumentException("expected MINUTES and SEED, found " + List.of(arguments));
        }
        if (!isSelfTest) {
            minutes = numbers.getFirst().intValue();
            seed = numbers.getLast();
        }
        var isDefault = flags.contains("--defaults");
        return new Options(minutes, seed, rounds, isDefault ? DEFAULT_LEASE : lease, isDefault, fault,
                flags.contains("--keep"), isSelfTest);
    }

    private static String value(String[] arguments, int n) {
        if (n == arguments.length) {
            throw new IllegalArgumentException("expected a value after " + arguments[n - 1] + ", found the end");
        }
        return arguments[n];
    }

    private static long number(String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException not) {
            throw new IllegalArgumentException("expected a number, found " + text, not);
        }
    }

    /// The settings of each node.
    List<String> settings() {
        return isDefault ? List.of() : List.of("--longhaul.engine.lease=" + lease.toSeconds() + "s",
                "--longhaul.sse.heartbeat=1s");
    }

    /// The interval of the comments on a quiet stream.
    Duration heartbeat() {
        return isDefault ? Duration.ofSeconds(15) : Duration.ofSeconds(1);
    }
}
