package dev.longhaul.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// Base of commands that list a collection. A subclass declares the path, the columns and the filters.
abstract class ListCommand extends OutputCommand {

    private final String path;
    private final String member;
    private final List<Column> columns;
    private final String none;

    /// @param path   of the collection
    /// @param member of the response that holds the rows
    /// @param none   printed if there are no rows
    ListCommand(String path, String member, List<Column> columns, String none) {
        this.path = path;
        this.member = member;
        this.columns = columns;
        this.none = none;
    }

    @Override
    public Integer call() throws Exception {
        var rows = api().list(path(), member, filters(), limit());
        output().printAll(rows, columns, none());
        return ExitCode.DONE;
    }

    String path() {
        return path;
    }

    /// Query parameters; those without a value are left out.
    Map<String, ? extends @Nullable Object> filters() {
        return Map.of();
    }

    int limit() {
        return ApiClient.ALL;
    }

    String none() {
        return none;
    }

    /// A resource in full, for people.
    String text(JsonNode item) {
        return line(item) + "\n";
    }

    /// The state of a resource in a few words.
    String line(JsonNode item) {
        return "";
    }

    static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    /// Base of lists that may be long.
    abstract static class PagedCommand extends ListCommand {

        @Option(names = {"-n", "--limit"}, paramLabel = "N", defaultValue = "50",
                description = "Show at most N; default: 50.")
        private int limit;

        PagedCommand(String path, String member, List<Column> columns, String none) {
            super(path, member, columns, none);
        }

        @Override
        int limit() {
            if (limit < 1) {
                throw new CliError(ExitCode.USAGE, "--limit must be at least 1, not " + limit);
            }
            if (limit > largest()) {
                throw new CliError(ExitCode.USAGE, "--limit must be at most " + largest() + ", not " + limit);
            }
            return limit;
        }

        int largest() {
            return ApiClient.ALL;
        }
    }
}
