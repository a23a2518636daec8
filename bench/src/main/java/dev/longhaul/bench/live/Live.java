package dev.longhaul.bench.live;

import dev.longhaul.bench.Results;
import dev.longhaul.bench.Service;
import java.io.IOException;
import java.sql.SQLException;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// `bench/run live`: how long a change takes to reach who watches it, and what watching costs.
public final class Live {

    /// As it comes, but for the heap's limit and for slots enough that all the watched operations run at once.
    public static final List<String> SETTINGS = List.of("-Xmx1g", "--longhaul.engine.slots=1100");

    /// In the order they run.
    public enum Part {
        COMMIT_TO_LINE, REPORT_TO_LINE, MANY_OPERATIONS, SLOW_WATCHERS, UNWATCHED, COMING_AND_GOING, MANY_WATCHERS;

        String word() {
            return "live." + name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private final Service service;
    private final Results results;
    private final boolean quick;

    public Live(Service service, Results results, boolean quick) {
        this.service = service;
        this.results = results;
        this.quick = quick;
    }

    public static List<String> names() {
        return Stream.of(Part.values()).map(Part::word).toList();
    }

    /// @param name `live` for all of it
    public static Optional<Set<Part>> part(String name) {
        if (name.equals("live")) {
            return Optional.of(EnumSet.allOf(Part.class));
        }
        return Stream.of(Part.values()).filter(part -> part.word().equals(name)).findFirst().map(Set::of);
    }

    public void run(Set<Part> parts) throws Exception {
        try (var connection = service.connect()) {
            var operations = new Operations(connection);
            for (var part : Part.values()) {
                if (parts.contains(part)) {
                    try {
                        run(part, operations);
                    } catch (IllegalStateException | IOException | SQLException broken) {
                        results.row(part.word(), "broke: " + broken.getMessage());
                        results.target(part.word() + ".works", Double.NaN, 1, "");
                    }
                }
            }
        }
    }

    private void run(Part part, Operations operations) throws Exception {
        switch (part) {
            case COMMIT_TO_LINE -> new CommitToLine(service, operations, results).measure(quick ? 300 : 1_000);
            case REPORT_TO_LINE -> new ReportToLine(service, operations, results).measure(quick ? 300 : 1_000);
            case MANY_OPERATIONS -> new ManyOperations(service, operations, results)
                    .measure(quick ? 200 : 1_000, quick ? 8 : 30);
            case SLOW_WATCHERS -> new SlowWatchers(service, operations, results)
                    .measure(quick ? 2 : 5, quick ? 50 : 200);
            case UNWATCHED -> new Unwatched(service, results).measure(quick ? 5_000 : 20_000, quick ? 3 : 5);
            case COMING_AND_GOING -> new ComingAndGoing(service, operations, results).measure(quick ? 5_000 : 50_000);
            case MANY_WATCHERS -> new ManyWatchers(service, operations, results)
                    .measure(quick ? 1_000 : 10_000, quick ? 10 : 20);
        }
    }
}
