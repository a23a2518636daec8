package dev.longhaul.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Option;

@CommandLine.Command(name = "result",
        description = "Print the output of an operation. The exit code is its end; 6: it has not ended yet.")
class ResultCommand extends ItemCommand {

    @Option(names = {"-w", "--wait"}, description = "Wait until it has ended.")
    private boolean wait;

    @Option(names = "--timeout", paramLabel = "TIME", description = "Stop waiting after this time, with exit code 5.")
    private @Nullable Duration timeout;

    @Override
    public Integer call() throws InterruptedException {
        if (wait) {
            return new ResultPrinter(api()).await(id(), timeout, output());
        }
        var operation = api().get(path());
        if (!operation.hasNonNull("finished_at")) {
            throw new CliError(ExitCode.NOT_SO, "it has not ended: " + DisplayFormat.text(operation, "status") + ", "
                    + DisplayFormat.percent(operation.path("progress")) + "; --wait waits for the end");
        }
        return ResultPrinter.print(operation, output());
    }
}
