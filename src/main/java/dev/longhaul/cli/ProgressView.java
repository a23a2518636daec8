package dev.longhaul.cli;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// Where operations are seen while they go on. May be told from several threads.
sealed interface ProgressView extends AutoCloseable permits ProgressBars, LineView, NdjsonView {

    /// How the operation is now; a workflow may come with its nodes.
    void show(JsonNode operation);

    /// A line that the operation's task has logged.
    void log(String id, JsonNode line);

    /// Something that is not about one operation, e.g. that the connection was lost. Empty: it is no longer so.
    void note(String text);

    @Override
    void close();

    static ProgressView of(OutputOptions output) {
        return switch (output.form()) {
            case json, yaml -> new NdjsonView();
            case name, table, wide -> TerminalCheck.isTerminal() ? new ProgressBars() : new LineView(output.form());
        };
    }

    /// @return of several, the exit code of the worst
    static int worst(List<Integer> exits) {
        return exits.contains(ExitCode.FAILED) ? ExitCode.FAILED : exits.contains(ExitCode.CANCELLED)
                ? ExitCode.CANCELLED : ExitCode.DONE;
    }
}
