package dev.longhaul.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Starts an operation, or a workflow.
@CommandLine.Command(name = "run", description = {"Start an operation, or with --graph a workflow, and print its id.",
        "With --watch it is shown until it is over, a workflow with its nodes; with --wait its output is printed. "
                + "The exit code then tells how it ended."})
class RunCommand extends ServiceCommand {

    @Parameters(paramLabel = "TYPE", arity = "0..1", description = "What to run: one of the service's task types.")
    private @Nullable String type;

    @Option(names = {"-g", "--graph"}, paramLabel = "FILE",
            description = "Instead of a type: a workflow, in YAML or JSON; - reads it from stdin.")
    private @Nullable String graph;

    @Mixin
    private SubmitOptions work = new SubmitOptions();

    @Option(names = "--at", paramLabel = "MOMENT", description = "Not before: 2026-01-08T10:00:00Z.")
    private @Nullable Instant at;

    @Option(names = "--in", paramLabel = "TIME", description = "Not before so long from now: 30s, 10m, 2h.")
    private @Nullable Duration delay;

    @Option(names = {"-k", "--key"}, paramLabel = "KEY",
            description = "Idempotency key: the same key within 24 hours gives the operation that is there already.")
    private @Nullable String key;

    @Option(names = {"-w", "--watch"}, description = "Watch it until it is over.")
    private boolean watch;

    @Option(names = "--wait", description = "Wait until it is over, and print its output.")
    private boolean wait;

    @Option(names = {"-l", "--logs"}, description = "With --watch: what it logs, too.")
    private boolean logs;

    @Option(names = "--timeout", paramLabel = "TIME",
            description = "Watch or wait no longer, exit code 5; the operation goes on.")
    private @Nullable Duration timeout;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Integer call() throws InterruptedException {
        if (watch && wait) {
            throw new CliError(ExitCode.USAGE, "expected --watch or --wait, not both");
        }
        if (logs && !watch) {
            throw new CliError(ExitCode.USAGE, "--logs needs --watch");
        }
        var operation = start();
        var id = operation.path("operation_id").asString("");
        if (watch) {
            return new WatchLoop(api(), ProgressView.of(output), logs).untilOver(List.of(id), timeout);
        }
        if (wait) {
            return new ResultPrinter(api()).print(id, timeout, output);
        }
        output.tell(operation, () -> id + "\n");
        if (TerminalCheck.isTerminal()) {
            say("Watch it: longhaul watch " + id);
        }
        return ExitCode.DONE;
    }

    private JsonNode start() throws InterruptedException {
        if ((type == null) == (graph == null)) {
            throw new CliError(ExitCode.USAGE, "expected a TYPE or --graph, "
                    + (type == null ? "found neither" : "not both"));
        }
        if (type == null) {
            return IdempotentSubmit.send(api(), ApiClient.WORKFLOWS, key, graph(graph));
        }
        var body = work.body(type);
        SubmitOptions.put(body, "run_at", at);
        SubmitOptions.put(body, "delay", delay);
        return IdempotentSubmit.send(api(), ApiClient.operations(), key, ApiClient.Content.of(body));
    }

    private ApiClient.Content graph(String file) {
        if (work.saysMoreThanInput() || at != null || delay != null) {
            throw new CliError(ExitCode.USAGE,
                    "a graph says itself what its nodes need: expected only --input, --key, --watch, --wait, "
                    + "--timeout and --output beside --graph");
        }
        if (file.equals("-") && work.input().readsStdin()) {
            throw new CliError(ExitCode.USAGE, "only one of --graph and --input can be read from stdin");
        }
        var graph = WorkflowFile.read(file);
        return work.input().isEmpty() ? graph.content() : graph.with(work.input().object());
    }
}
