package dev.longhaul.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@CommandLine.Command(name = "erase", description = {
    "Erase the data of finished operations for good: inputs, outputs, answers, texts, logs.",
    "Their moves and times stay in the history."})
class EraseCommand extends OutputCommand {

    @Parameters(paramLabel = "ID", arity = "1..*", description = "The operations.")
    private List<String> ids = List.of();

    @Option(names = {"-r", "--reason"}, required = true, paramLabel = "TEXT",
            description = "The reason, for the history, e.g. the number of the request.")
    private String reason = "";

    @Override
    public Integer call() {
        for (var id : ids) {
            api().post(ApiClient.operation(id) + ":eraseData", ApiClient.json.createObjectNode().put("reason", reason));
            say("erased the data of " + id);
        }
        return ExitCode.DONE;
    }
}
