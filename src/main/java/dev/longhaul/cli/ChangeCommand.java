package dev.longhaul.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Base of commands that change operations: the named ones, or after a confirmation all that match a filter.
abstract class ChangeCommand extends OutputCommand {

    private static final int MOST = 10_000;
    private static final int SHOWN = 200;

    @Parameters(paramLabel = "ID", arity = "0..*", description = "The operations.")
    private @Nullable List<String> ids;

    @Option(names = {"-f", "--filter"}, paramLabel = "FILTER",
            description = "Change all that match, as far as their status allows it, instead of IDs.")
    private @Nullable String filter;

    @Option(names = "--dry-run", description = "Only list the operations.")
    private boolean dryRun;

    @Option(names = {"-y", "--yes"}, description = "Change the operations of a filter without confirmation.")
    private boolean yes;

    @Option(names = {"-r", "--reason"}, paramLabel = "TEXT", description = "The reason, for the history.")
    private @Nullable String reason;

    private final String verb;
    private final @Nullable String bulkVerb;
    private final String statuses;
    private final Function<JsonNode, String> result;

    /// @param verb     in the path, e.g. `cancel`
    /// @param bulkVerb in the path of the bulk operation; null: this command changes the operations one by one
    /// @param statuses that allow the change, as conditions of a filter
    /// @param result   of one change, from the response
    ChangeCommand(String verb, @Nullable String bulkVerb, String statuses, Function<JsonNode, String> result) {
        this.verb = verb;
        this.bulkVerb = bulkVerb;
        this.statuses = statuses;
        this.result = result;
    }

    @Override
    public Integer call() throws InterruptedException {
        if ((ids == null) == (filter == null)) {
            throw new CliError(ExitCode.USAGE, "expected IDs or --filter, "
                    + (ids == null ? "found neither" : "not both"));
        }
        if (ids != null) {
            return dryRun ? list(ids.stream().map(id -> api().get(ApiClient.operation(id))).toList(), ids.size())
                    : changeEach(ids);
        }
        return bulkVerb == null ? changeFound(filter + " " + statuses) : changeInBulk(filter, bulkVerb);
    }

    JsonNode change(String id) {
        return api().post(ApiClient.operation(id) + ":" + verb, body());
    }

    ObjectNode body() {
        return SubmitOptions.put(ApiClient.json.createObjectNode(), "reason", reason);
    }

    private int list(List<JsonNode> operations, long count) {
        output().printAll(operations, OperationsCommand.COLUMNS, "");
        say("dry run: " + verb + " " + count + " operations");
        return ExitCode.DONE;
    }

    private int changeInBulk(String filter, String bulkVerb) throws InterruptedException {
        var path = ApiClient.OPERATIONS + ":" + bulkVerb;
        var body = body().put("filter", filter);
        if (dryRun || !yes) {
            var count = api().post(path, body.deepCopy().put("dry_run", true)).path("matched").asLong();
            if (dryRun) {
                return list(OperationsCommand.find(api(), filter + " " + statuses, SHOWN), count);
            }
            if (!isConfirmed(count)) {
                return ExitCode.USAGE;
            }
            body.put("expected_count", count);   // the service refuses if more match by now
        }
        var id = IdempotentSubmit.send(api(), path, null, ApiClient.Content.of(body)).path("operation_id").asString("");
        return TerminalCheck.isTerminal() && !output().isForPrograms()
                ? new WatchLoop(api(), ProgressView.of(output())).untilEnded(List.of(id), null)
                : new ResultPrinter(api()).await(id, null, output());
    }

    private int changeFound(String filter) {
        var found = OperationsCommand.find(api(), filter, MOST);
        if (dryRun) {
            return list(found, found.size());
        }
        return yes || isConfirmed(found.size())
                ? changeEach(found.stream().map(operation -> operation.path("operation_id").asString("")).toList())
                : ExitCode.USAGE;
    }

    private boolean isConfirmed(long count) {
        if (!TerminalCheck.isTerminal() || System.console() == null) {
            throw new CliError(ExitCode.USAGE, count + " operations match the filter; --yes changes them without "
                    + "confirmation");
        }
        var answer = String.valueOf(System.console().readLine("%s %d operations? [y/N] ", verb, count));
        var isConfirmed = answer.strip().equalsIgnoreCase("y");
        if (!isConfirmed) {
            say("nothing was changed");
        }
        return isConfirmed;
    }

    /// A refusal of one does not keep the others from being changed.
    private int changeEach(List<String> ids) {
        var answers = new ArrayList<JsonNode>();
        var exit = ExitCode.DONE;
        for (var id : ids) {
            try {
                var answer = change(id);
                answers.add(answer);
                if (!output().isForPrograms()) {
                    output().print(answer, () -> id + "  " + result.apply(answer) + "\n");
                }
            } catch (CliError refused) {
                if (ids.size() == 1 || refused.exit() == ExitCode.UNREACHABLE) {
                    throw refused;
                }
                say(id + "  " + refused.getMessage());
                exit = refused.exit();
            }
        }
        if (output().isForPrograms()) {
            output().printAll(answers, List.of(), "");
        } else if (filter != null) {
            say(answers.size() + " of " + ids.size() + " changed");
        }
        return exit;
    }

    @CommandLine.Command(name = "cancel",
            description = {"Cancel operations. A running one stops at its next checkpoint.",
                "With --filter, a bulk_cancel operation does it and continues without this command."})
    static class CancelCommand extends ChangeCommand {
        CancelCommand() {
            super("cancel", "bulkCancel", "status:pending,running,waiting", CancelCommand::result);
        }

        private static String result(JsonNode operation) {
            var status = DisplayFormat.text(operation, "status");
            return !operation.hasNonNull("finished_at") ? "cancel requested"
                    : status.equals("cancelled") ? status : "ended already: " + status;
        }
    }

    @CommandLine.Command(name = "retry",
            description = {"Retry failed or cancelled operations: the same operation, a new attempt, from the last "
                + "checkpoint.",
                "With --filter, a bulk_retry operation does it and continues without this command."})
    static class RetryCommand extends ChangeCommand {
        RetryCommand() {
            super("retry", "bulkRetry", "status:failed,cancelled", OperationsCommand::status);
        }
    }

    @CommandLine.Command(name = "rerun",
            description = {"Re-run as new operations, from the beginning. Prints the new ids.",
                "With --filter, a bulk_rerun operation does it and continues without this command."})
    static class RerunCommand extends ChangeCommand {
        RerunCommand() {
            super("rerun", "bulkRerun", "status:completed,failed,cancelled",
                    answer -> "re-run as " + DisplayFormat.text(answer, "operation_id"));
        }
    }

    @CommandLine.Command(name = "promote", description = "Start pending operations now, before their scheduled time.")
    static class PromoteCommand extends ChangeCommand {
        PromoteCommand() {
            super("promote", null, "status:pending", OperationsCommand::status);
        }
    }

    @CommandLine.Command(name = "pause",
            description = {"Pause operations. A running one stops at its next checkpoint.",
                "With --filter, a bulk_pause operation does it and continues without this command."})
    static class PauseCommand extends ChangeCommand {
        PauseCommand() {
            super("pause", "bulkPause", "status:pending,running,waiting paused:false", OperationsCommand::status);
        }
    }

    @CommandLine.Command(name = "resume", description = {"Resume paused operations.",
        "With --filter, a bulk_resume operation does it and continues without this command."})
    static class ResumeCommand extends ChangeCommand {
        ResumeCommand() {
            super("resume", "bulkResume", "status:pending,running,waiting paused:true", OperationsCommand::status);
        }
    }
}
