package dev.longhaul.bench;

import dev.longhaul.bench.api.Api;
import dev.longhaul.bench.cli.CommandLine;
import dev.longhaul.bench.engine.Engine;
import dev.longhaul.bench.growth.Growth;
import dev.longhaul.bench.live.Live;
import dev.longhaul.bench.workflow.Workflow;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Stream;

/// `bench/run NAME [PART] [SIZE] [--quick]` ends here.
public final class Bench {

    private Bench() {
    }

    /// A part may be named (`engine throughput 20000` or `live.many-watchers`), and every argument that begins with a
    /// dash is a setting of the service's, e.g. `-Xmx2g` or `--longhaul.engine.slots=10`.
    public static void main(String[] arguments) throws Exception {
        var quick = List.of(arguments).contains("--quick");
        var words = Stream.of(arguments).filter(argument -> !argument.startsWith("-")).toList();
        var name = String.join(".", words.stream().filter(word -> !isNumber(word)).toList());
        var size = words.stream().filter(Bench::isNumber).map(Integer::valueOf).findFirst();
        var live = Live.part(name);
        var engine = Engine.part(name);
        var api = Api.part(name);
        var workflow = Workflow.part(name);
        if (live.isEmpty() && api.isEmpty() && engine.isEmpty() && workflow.isEmpty()
                && !List.of("growth", "cli").contains(name)) {
            System.err.println("expected bench/run live, api, engine, workflow, growth or cli [--quick], or a part "
                    + "of them (" + String.join(", ", Live.names()) + ", " + String.join(", ", Api.names()) + ", "
                    + String.join(", ", Engine.names()) + ", " + String.join(", ", Workflow.names())
                    + "), not bench/run " + String.join(" ", arguments));
            System.exit(2);
        }
        System.out.println("bench/run " + String.join(" ", arguments) + ", " + LocalDate.now() + ", "
                + Runtime.getRuntime().availableProcessors()
                + " processors shared by client, service and database, load before " + load() + "\n");
        var root = Path.of(System.getProperty("bench.root"));
        var settings = Stream.of(arguments).filter(argument -> argument.startsWith("-") && !argument.equals("--quick"))
                .toList();
        var results = new Results();
        if (live.isPresent()) {
            try (var service = Service.start(root, Stream.concat(Live.SETTINGS.stream(), settings.stream()).toList())) {
                results.about(service);
                new Live(service, results, quick).run(live.get());
            }
        } else if (api.isPresent()) {
            try (var service = Service.start(root, Stream.concat(Stream.of("-Xmx1g"), settings.stream()).toList())) {
                results.about(service);
                new Api(service, results, quick).run(api.get());
            }
        } else if (name.equals("growth")) {
            new Growth(root, settings, results, quick, size).run();
        } else if (name.equals("cli")) {
            new CommandLine(root, results, quick).run(settings);
        } else if (workflow.isPresent()) {
            new Workflow(root, settings, results, quick).run(workflow.get());
        } else {
            new Engine(root, settings, results, quick, size).run(engine.orElseThrow());
        }
        results.tell();
        System.exit(0);   // some peers leave threads behind
    }

    private static boolean isNumber(String word) {
        return word.chars().allMatch(Character::isDigit);
    }

    private static String load() throws IOException {
        return Files.readString(Path.of("/proc/loadavg")).split(" ")[0];
    }
}
