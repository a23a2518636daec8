package dev.longhaul.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Prints an operation's output.
@CommandLine.Command(name = "result",
        description = "Print the output of an operation. The exit code tells how it ended; 6: it is not over yet.")
class ResultCommand extends ServiceCommand {

    @Parameters(paramLabel = "ID", description = "The operation.")
    private String id = "";

    @Option(names = {"-w", "--wait"}, description = "Wait until it is over.")
    private boolean wait;

    @Option(names = "--timeout", paramLabel = "TIME", description = "Wait no longer, exit code 5.")
    private @Nullable Duration timeout;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Integer call() throws InterruptedException {
        if (wait) {
            return new ResultPrinter(api()).print(id, timeout, output);
        }
        var operation = api().get(ApiClient.operation(id));
        if (!operation.hasNonNull("finished_at")) {
            throw new CliError(ExitCode.NOT_SO, "it is not over: " + operation.path("status").asString("") + ", "
                    + DisplayFormat.percent(operation.path("progress"))
                    + "; wait for it with --wait");
        }
        return ResultPrinter.print(operation, output);
    }
}
