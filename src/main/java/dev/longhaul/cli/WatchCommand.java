package dev.longhaul.cli;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Watches operations live.
@CommandLine.Command(name = "watch", description =
        {"Watch operations live: the named ones until they are over, or all that pass a filter until Ctrl-C.",
        "On a terminal a bar each; elsewhere a line per change; with -o json a JSON document per line. A lost "
        + "connection is made again, and nothing is missed."})
class WatchCommand extends ServiceCommand {

    @Parameters(paramLabel = "ID", arity = "0..*", description = "The operations; none: all that pass the filter.")
    private @Nullable List<String> ids;

    @Option(names = {"-f", "--filter"}, paramLabel = "FILTER",
            description = "E.g. 'queue:emails type:report.*'; not together with IDs.")
    private @Nullable String filter;

    @Option(names = {"-l", "--logs"}, description = "With what the named operations log.")
    private boolean logs;

    @Option(names = "--timeout", paramLabel = "TIME",
            description = "Give up after so long, with exit code 5: 30s, 10m, 2h.")
    private @Nullable Duration timeout;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Integer call() throws InterruptedException {
        if (ids != null && filter != null) {
            throw new CliError(ExitCode.USAGE, "expected IDs or --filter, not both");
        }
        if (ids == null && logs) {
            throw new CliError(ExitCode.USAGE, "--logs needs IDs: the stream of a filter has no log lines");
        }
        if (ids != null) {
            return new WatchLoop(api(), ProgressView.of(output), logs).untilOver(ids, timeout);
        }
        new WatchLoop(api(), ProgressView.of(output)).forEver(filter == null ? "" : filter);
        return ExitCode.DONE;
    }
}
