package dev.longhaul.bench;

import dev.longhaul.bench.live.Live;
import java.nio.file.Path;
import java.util.List;

/// `bench/run NAME [--quick]` ends here.
public final class Bench {

    private Bench() {
    }

    public static void main(String[] arguments) throws Exception {
        var quick = List.of(arguments).contains("--quick");
        var names = List.of(arguments).stream().filter(argument -> !argument.equals("--quick")).toList();
        if (!names.equals(List.of("live"))) {
            System.err.println("expected bench/run live [--quick], not bench/run " + String.join(" ", arguments));
            System.exit(2);
        }
        try (var service = Service.start(Path.of(System.getProperty("bench.root")), Live.SETTINGS)) {
            System.out.println("bench/run live" + (quick ? " --quick" : "") + ", "
                    + Runtime.getRuntime().availableProcessors() + " processors shared by client, service and database, load " + load() + "\n");
            var results = new Results();
            results.row("service", "JDK " + Runtime.version() + ", " + String.join(" ", service.settings()));
            results.row("database", service.aboutDatabase());
            new Live(service, results, quick).run();
            results.tell();
        }
    }

    private static String load() throws Exception {
        return java.nio.file.Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    }
}
