package dev.longhaul.bench;

import dev.longhaul.bench.live.Live;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// `bench/run NAME [--quick]` ends here.
public final class Bench {

    private Bench() {
    }

    /// A part may be named (`live.many-watchers`), and every other argument is a setting of the service's, e.g. `-Xmx2g` or `--longhaul.engine.slots=10`.
    public static void main(String[] arguments) throws Exception {
        var quick = List.of(arguments).contains("--quick");
        var names = Stream.of(arguments).filter(argument -> !argument.startsWith("-")).toList();
        var part = names.size() == 1 ? Live.part(names.getFirst()) : Optional.<Set<Live.Part>>empty();
        if (part.isEmpty()) {
            System.err.println("expected bench/run live [--quick], or a part of it (" + String.join(", ", Live.names()) + "), not bench/run " + String.join(" ", arguments));
            System.exit(2);
        }
        var settings = new ArrayList<>(Live.SETTINGS);
        Stream.of(arguments).filter(argument -> argument.startsWith("-") && !argument.equals("--quick")).forEach(settings::add);
        try (var service = Service.start(Path.of(System.getProperty("bench.root")), settings)) {
            System.out.println("bench/run " + String.join(" ", arguments) + ", " + LocalDate.now() + ", "
                    + Runtime.getRuntime().availableProcessors() + " processors shared by client, service and database, load before " + load() + "\n");
            var results = new Results();
            results.row("service", "JDK " + Runtime.version() + ", " + String.join(" ", service.settings()));
            results.row("database", service.aboutDatabase());
            new Live(service, results, quick).run(part.get());
            results.tell();
        }
    }

    private static String load() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    }
}
