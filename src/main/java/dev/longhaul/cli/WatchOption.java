package dev.longhaul.cli;

import java.util.List;
import picocli.CommandLine.Option;

/// `--watch` of commands that start one operation.
final class WatchOption {

    @Option(names = {"-w", "--watch"}, description = "Watch the operation until it has ended.")
    private boolean watch;

    boolean isSet() {
        return watch;
    }

    int watch(OutputCommand command, String id) throws InterruptedException {
        return new WatchLoop(command.api(), ProgressView.of(command.output())).untilEnded(List.of(id), null);
    }
}
