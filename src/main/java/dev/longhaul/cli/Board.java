package dev.longhaul.cli;

import java.util.List;
import tools.jackson.databind.JsonNode;

/// Where operations are seen while they go on. May be told from several threads.
sealed interface Board extends AutoCloseable permits Bars, Lines, Documents {

    /// How the operation is now; a workflow may come with its nodes.
    void show(JsonNode operation);

    /// A line that the operation's task has logged.
    void log(String id, JsonNode line);

    /// Something that is not about one operation, e.g. that the connection was lost. Empty: it is no longer so.
    void note(String text);

    @Override
    void close();

    static Board of(Output output) {
        return switch (output.form()) {
            case json, yaml -> new Documents();
            case name, table, wide -> Screen.isTerminal() ? new Bars() : new Lines(output.form());
        };
    }

    /// @return of several, the exit code of the worst
    static int worst(List<Integer> exits) {
        return exits.contains(Exit.FAILED) ? Exit.FAILED : exits.contains(Exit.CANCELLED) ? Exit.CANCELLED : Exit.DONE;
    }
}
