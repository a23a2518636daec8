package dev.longhaul.cli;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// Shows operations while they run. Thread-safe.
sealed interface ProgressView extends AutoCloseable permits ProgressBars, LineView {

    /// @param operation as it is now; a workflow may hold its nodes
    void show(JsonNode operation);

    /// @param line of the task's log
    void log(String id, JsonNode line);

    /// @param text about all operations, e.g. a lost connection; empty: none
    void note(String text);

    @Override
    void close();

    static ProgressView of(OutputOptions output) {
        var hasBars = TerminalCheck.isTerminal() && !output.isForPrograms();
        return hasBars ? new ProgressBars() : new LineView(output.form());
    }

    /// @return the exit code of the worst end
    static int worst(List<Integer> exits) {
        return exits.contains(ExitCode.FAILED) ? ExitCode.FAILED : exits.contains(ExitCode.CANCELLED)
                ? ExitCode.CANCELLED : ExitCode.DONE;
    }
}
