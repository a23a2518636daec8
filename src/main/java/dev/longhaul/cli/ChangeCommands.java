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
import tools.jackson.databind.node.ObjectNode;

/// What changes operations that are there: named ones, or after a look and a yes all that pass a filter.
abstract class ChangeCommands extends ServiceCommand {

    private static final int MOST = 10_000;
    private static final int SHOWN = 200;

    @Parameters(paramLabel = "ID", arity = "0..*", description = "The operations.")
    private @Nullable List<String> ids;

    @Option(names = {"-f", "--filter"}, paramLabel = "FILTER",
            description = "All that pass it and that it can be done to, instead of IDs.")
    private @Nullable String filter;

    @Option(names = "--dry-run", description = "Only say which.")
    private boolean dryRun;

    @Option(names = {"-y", "--yes"}, description = "Do not ask before a filter's operations are changed.")
    private boolean yes;

    @Option(names = {"-r", "--reason"}, paramLabel = "TEXT", description = "Why, for the history.")
    private @Nullable String reason;

    @Mixin
    private OutputOptions output = new OutputOptions();

    private final String verb;
    private final @Nullable String bulkVerb;
    private final String statuses;
    private final Function<JsonNode, String> became;

    /// @param verb     in the path, e.g. `cancel`
    /// @param bulkVerb how the service does it to many, by an operation of its own; null: it is done one by one from
    ///     here
    /// @param statuses of those that it can be done to, as conditions of a filter
    /// @param became   what has become of one, from its answer
    ChangeCommands(String verb, @Nullable String bulkVerb, String statuses, Function<JsonNode, String> became) {
        this.verb = verb;
        this.bulkVerb = bulkVerb;
        this.statuses = statuses;
        this.became = became;
    }

    @Override
    public Integer call() throws InterruptedException {
        BulkConfirmation.requireOne(ids, filter);
        if (ids != null) {
            return dryRun ? tellOnly(ids.stream().map(id -> api().get(ApiClient.operation(id))).toList(), ids.size())
                    : changeEach(ids);
        }
        return bulkVerb == null ? changeFound(filter + " " + statuses) : changeInBulk(filter, bulkVerb);
    }

    JsonNode change(String id) {
        return api().post(ApiClient.operation(id) + ":" + verb, body());
    }

    /// What is sent with the verb.
    ObjectNode body() {
        var body = ApiClient.json.createObjectNode();
        SubmitOptions.put(body, "reason", reason);
        return body;
    }

    private int tellOnly(List<JsonNode> wanted, long count) {
        output.tellAll(wanted, () -> ListCommand.table(wanted, output.isWide()), "");
        say(count + " operations would be asked to " + verb);
        return ExitCode.DONE;
    }

    private int changeInBulk(String filter, String bulkVerb) throws InterruptedException {
        var path = ApiClient.operations() + ":" + bulkVerb;
        var body = body().put("filter", filter);
        if (dryRun || !yes) {
            var count = api().post(path, body.deepCopy().put("dry_run", true)).path("matched").asLong();
            if (dryRun) {
                return tellOnly(ListCommand.find(api(), filter + " " + statuses, SHOWN), count);
            }
            if (!agreed(count)) {
                return ExitCode.USAGE;
            }
            body.put("expected_count", count);   // to more than these nobody said yes
        }
        var id = IdempotentSubmit.send(api(), path, null, ApiClient.Content.of(body)).path("operation_id").asString("");
        return TerminalCheck.isTerminal() && !output.isForPrograms() ? new WatchLoop(api(), ProgressView.of(output))
                .untilOver(List.of(id), null) : new ResultPrinter(api()).print(id, null, output);
    }

    private int changeFound(String filter) {
        var wanted = ListCommand.find(api(), filter, MOST);
        if (dryRun) {
            return tellOnly(wanted, wanted.size());
        }
        return yes || agreed(wanted.size())
                ? changeEach(wanted.stream().map(operation -> operation.path("operation_id").asString("")).toList())
                : ExitCode.USAGE;
    }

    private boolean agreed(long count) {
        BulkConfirmation.requirePerson(String.valueOf(count), verb);
        var agreed = BulkConfirmation.agreed(verb + " " + count + " operations?");
        if (!agreed) {
            say("nothing was changed");
        }
        return agreed;
    }

    private int changeEach(List<String> wanted) {
        var answers = new ArrayList<JsonNode>();
        var exit = BulkConfirmation.each(wanted, id -> {
            var answer = change(id);
            answers.add(answer);
            if (!output.isForPrograms()) {
                output.tell(answer, () -> id + "  " + became.apply(answer) + "\n");
            }
        });
        if (output.isForPrograms()) {
            output.tellAll(answers, () -> new TextTable(), "");
        } else if (filter != null) {
            say(answers.size() + " of " + wanted.size() + " changed");
        }
        return exit;
    }

    @CommandLine.Command(name = "cancel",
            description = {"Cancel operations. A running one is asked to stop, and stops at its next checkpoint.",
            "All that pass a filter are cancelled by an operation of their own, bulk_cancel, which goes on when this "
            + "command is gone."})
    static class Cancel extends ChangeCommands {
        Cancel() {
            super("cancel", "bulkCancel", "status:pending,running,waiting", Cancel::told);
        }

        private static String told(JsonNode operation) {
            var status = operation.path("status").asString("");
            return !operation.hasNonNull("finished_at") ? "asked to stop" : status.equals("cancelled")
                    ? status : "over already: " + status;
        }
    }

    @CommandLine.Command(name = "retry",
            description =
            {"Run operations again that failed or were cancelled: the same operation, a new attempt, at the last "
            + "checkpoint.",
            "All that pass a filter are run again by an operation of their own, bulk_retry, which goes on when this "
            + "command is gone."})
    static class Retry extends ChangeCommands {
        Retry() {
            super("retry", "bulkRetry", "status:failed,cancelled", ListCommand::state);
        }
    }

    @CommandLine.Command(name = "rerun",
            description = {"Do operations over from the beginning, as new operations. Prints the new ids.",
            "All that pass a filter and are over are done over by an operation of their own, bulk_rerun, which goes "
            + "on when this command is gone."})
    static class Rerun extends ChangeCommands {
        Rerun() {
            super("rerun", "bulkRerun", "status:completed,failed,cancelled", answer -> "done over as "
                    + answer.path("operation_id").asString(""));
        }
    }

    @CommandLine.Command(name = "promote",
            description = "Let pending operations begin now, whatever moment they were to wait for.")
    static class Promote extends ChangeCommands {
        Promote() {
            super("promote", null, "status:pending", ListCommand::state);
        }
    }

    @CommandLine.Command(name = "pause",
            description = {"Let operations rest: a running one stops at its next checkpoint.",
            "All that pass a filter are let rest by an operation of their own, bulk_pause, which goes on when this "
            + "command is gone."})
    static class Pause extends ChangeCommands {
        Pause() {
            super("pause", "bulkPause", "status:pending,running,waiting paused:false", ListCommand::state);
        }
    }

    @CommandLine.Command(name = "resume", description = {"Let paused operations go on.",
            "All that pass a filter go on by an operation of their own, bulk_resume, which goes on when this command "
                    + "is gone."})
    static class Resume extends ChangeCommands {
        Resume() {
            super("resume", "bulkResume", "status:pending,running,waiting paused:true", ListCommand::state);
        }
    }
}
