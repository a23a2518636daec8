package dev.longhaul.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// What changes operations that are there: named ones, or after a look and a yes all that pass a filter.
abstract class Change extends Command {

    private static final int MOST = 10_000;

    @Parameters(paramLabel = "ID", arity = "0..*", description = "The operations.")
    private @Nullable List<String> ids;

    @Option(names = {"-f", "--filter"}, paramLabel = "FILTER", description = "All that pass it, instead of IDs.")
    private @Nullable String filter;

    @Option(names = "--dry-run", description = "Only say which.")
    private boolean dryRun;

    @Option(names = {"-y", "--yes"}, description = "Do not ask before a filter's operations are changed.")
    private boolean yes;

    @Option(names = {"-r", "--reason"}, paramLabel = "TEXT", description = "Why, for the history.")
    private @Nullable String reason;

    @Mixin
    private Output output = new Output();

    private final String verb;
    private final String word;
    private final Function<JsonNode, String> became;

    /// @param verb   in the path, e.g. `cancel`
    /// @param word   of one that is done, e.g. `cancelled`
    /// @param became what has become of one, from its answer
    Change(String verb, String word, Function<JsonNode, String> became) {
        this.verb = verb;
        this.word = word;
        this.became = became;
    }

    @Override
    public Integer call() {
        if ((ids == null) == (filter == null)) {
            throw new Trouble(Exit.USAGE, "expected IDs or --filter, " + (ids == null ? "found neither" : "not both"));
        }
        var wanted = ids == null ? found() : ids;
        if (dryRun) {
            wanted.forEach(System.out::println);
            say(wanted.size() + " operations would be asked to " + verb);
            return Exit.DONE;
        }
        if (ids == null && !yes && !agreed(wanted.size())) {
            say("nothing was changed");
            return Exit.USAGE;
        }
        return changeAll(wanted);
    }

    private List<String> found() {
        return ListOperations.find(api(), filter, MOST).stream().map(operation -> operation.path("operation_id").asString("")).toList();
    }

    private boolean agreed(int count) {
        if (!Screen.isTerminal() || System.console() == null) {
            throw new Trouble(Exit.USAGE, count + " operations pass the filter; to " + verb + " them without being asked, say --yes");
        }
        return count == 0 || String.valueOf(System.console().readLine("%s %d operations? [y/N] ", verb, count)).strip().equalsIgnoreCase("y");
    }

    /// One that cannot be changed does not keep the others from it.
    private int changeAll(List<String> wanted) {
        var answers = new ArrayList<JsonNode>();
        var exit = Exit.DONE;
        for (var id : wanted) {
            try {
                var answer = api().post(Api.operation(id) + ":" + verb, reason == null ? Api.json.createObjectNode() : Api.json.createObjectNode().put("reason", reason));
                answers.add(answer);
                if (!output.isForPrograms()) {
                    output.tell(answer, () -> id + "  " + became.apply(answer) + "\n");
                }
            } catch (Trouble refused) {
                if (wanted.size() == 1 || refused.exit() == Exit.UNREACHABLE) {
                    throw refused;
                }
                say(id + "  " + refused.getMessage());
                exit = refused.exit();
            }
        }
        if (output.isForPrograms()) {
            output.tellAll(answers, () -> new Table(), "");
        } else if (filter != null) {
            say(answers.size() + " of " + wanted.size() + " " + word);
        }
        return exit;
    }

    @CommandLine.Command(name = "retry", description = "Run operations again that failed or were cancelled: the same operation, a new attempt, at the last checkpoint.")
    static class Retry extends Change {
        Retry() {
            super("retry", "to be run again", ListOperations::state);
        }
    }

    @CommandLine.Command(name = "rerun", description = "Do operations over from the beginning, as new operations. Prints the new ids.")
    static class Rerun extends Change {
        Rerun() {
            super("rerun", "done over", answer -> "done over as " + answer.path("operation_id").asString(""));
        }
    }

    @CommandLine.Command(name = "pause", description = "Let operations rest: a running one stops at its next checkpoint.")
    static class Pause extends Change {
        Pause() {
            super("pause", "paused", ListOperations::state);
        }
    }

    @CommandLine.Command(name = "resume", description = "Let paused operations go on.")
    static class Resume extends Change {
        Resume() {
            super("resume", "resumed", ListOperations::state);
        }
    }
}
