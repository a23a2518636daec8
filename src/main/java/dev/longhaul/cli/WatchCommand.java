package dev.longhaul.cli;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@CommandLine.Command(name = "watch", description =
        {"Watch operations live: the named ones until they have ended, or all that match a filter until Ctrl-C.",
            "On a terminal: a bar each. Elsewhere: a line per change. With -o json: a JSON document per line. "
            + "A lost connection is resumed, and no change is missed."})
class WatchCommand extends OutputCommand {

    @Parameters(paramLabel = "ID", arity = "0..*", description = "The operations; none: all that match the filter.")
    private @Nullable List<String> ids;

    @Option(names = {"-f", "--filter"}, paramLabel = "FILTER",
            description = "E.g. 'queue:emails type:report.*'; not together with IDs.")
    private @Nullable String filter;

    @Option(names = {"-l", "--logs"}, description = "Show the logs of the named operations too.")
    private boolean logs;

    @Option(names = "--timeout", paramLabel = "TIME",
            description = "Stop watching after this time, with exit code 5: 30s, 10m, 2h.")
    private @Nullable Duration timeout;

    @Override
    public Integer call() throws InterruptedException {
        if (ids != null && filter != null) {
            throw new CliError(ExitCode.USAGE, "expected IDs or --filter, not both");
        }
        if (ids == null && logs) {
            throw new CliError(ExitCode.USAGE, "--logs needs IDs: the stream of a filter has no log lines");
        }
        if (ids != null) {
            return new WatchLoop(api(), ProgressView.of(output()), logs).untilEnded(ids, timeout);
        }
        new WatchLoop(api(), ProgressView.of(output())).untilInterrupted(filter == null ? "" : filter);
        return ExitCode.DONE;
    }
}
