package dev.longhaul.cli;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Cancels operations: named ones, or after a look and a yes all that pass a filter.
@CommandLine.Command(name = "cancel", description = {"Cancel operations. A running one is asked to stop, and stops at its next checkpoint.",
        "All that pass a filter are cancelled by an operation of their own, bulk_cancel, which goes on when this command is gone."})
class Cancel extends Command {

    private static final int SHOWN = 200;

    @Parameters(paramLabel = "ID", arity = "0..*", description = "The operations.")
    private @Nullable List<String> ids;

    @Option(names = {"-f", "--filter"}, paramLabel = "FILTER", description = "All that pass it and are not over, instead of IDs.")
    private @Nullable String filter;

    @Option(names = "--dry-run", description = "Only say which.")
    private boolean dryRun;

    @Option(names = {"-y", "--yes"}, description = "Do not ask before a filter's operations are cancelled.")
    private boolean yes;

    @Option(names = {"-r", "--reason"}, paramLabel = "TEXT", description = "Why, for the history.")
    private @Nullable String reason;

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws InterruptedException {
        Many.requireOne(ids, filter);
        if (ids == null) {
            return cancelAll(filter);
        }
        if (dryRun) {
            ids.forEach(id -> System.out.println(api().get(Api.operation(id)).path("operation_id").asString("")));
            return Exit.DONE;
        }
        return cancel(ids);
    }

    private int cancel(List<String> wanted) {
        return Many.each(wanted, id -> {
            var answer = Tools.call(api(), "cancel_task", reason == null ? Map.of("operation_id", id) : Map.of("operation_id", id, "reason", reason));
            var status = answer.path("status").asString("");
            output.tell(answer, () -> id + "  " + (answer.hasNonNull("finished_at") ? status.equals("cancelled") ? status : "over already: " + status : "asked to stop") + "\n");
        });
    }

    private int cancelAll(String filter) throws InterruptedException {
        if (dryRun || !yes) {
            var found = ListOperations.find(api(), filter + " status:pending,running,waiting", SHOWN);
            var count = found.size() + (found.size() == SHOWN ? " or more" : "");
            if (dryRun) {
                output.tellAll(found, () -> ListOperations.table(found, output.isWide()), "");
                say(count + " operations would be cancelled");
                return Exit.DONE;
            }
            Many.requirePerson(count, "cancel");
            if (!Many.agreed("Cancel " + count + " operations?")) {
                say("nothing was changed");
                return Exit.USAGE;
            }
        }
        var input = new HashMap<>(Map.of("filter", filter));
        if (reason != null) {
            input.put("reason", reason);
        }
        var body = Api.json.createObjectNode().put("type", "bulk_cancel").put("queue", "bulk");
        body.set("input", Api.json.valueToTree(input));
        return new Ending(api()).print(api().post(Api.operations(), body).path("operation_id").asString(""), null, output);
    }
}
