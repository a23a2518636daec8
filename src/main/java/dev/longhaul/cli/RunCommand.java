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

@CommandLine.Command(name = "run", description = {"Start an operation, or with --graph a workflow, and print its id.",
    "--watch shows it until it has ended, a workflow with its nodes. --wait prints its output. "
    + "The exit code is then its end."})
class RunCommand extends OutputCommand {

    @Parameters(paramLabel = "TYPE", arity = "0..1", description = "The task type.")
    private @Nullable String type;

    @Option(names = {"-g", "--graph"}, paramLabel = "FILE",
            description = "A workflow in YAML or JSON, instead of a TYPE; - reads it from stdin.")
    private @Nullable String graph;

    @Mixin
    private SubmitOptions operation = new SubmitOptions();

    @Option(names = "--at", paramLabel = "TIME", description = "Start not before this time: 2026-01-08T10:00:00Z.")
    private @Nullable Instant at;

    @Option(names = "--in", paramLabel = "TIME", description = "Start not before this time has passed: 30s, 10m, 2h.")
    private @Nullable Duration delay;

    @Option(names = {"-k", "--key"}, paramLabel = "KEY",
            description = "Idempotency key: the same key within 24 hours returns the existing operation.")
    private @Nullable String key;

    @Option(names = {"-w", "--watch"}, description = "Watch it until it has ended.")
    private boolean watch;

    @Option(names = "--wait", description = "Wait until it has ended, and print its output.")
    private boolean wait;

    @Option(names = {"-l", "--logs"}, description = "With --watch: show its log too.")
    private boolean logs;

    @Option(names = "--timeout", paramLabel = "TIME",
            description = "Stop watching or waiting after this time, with exit code 5. The operation continues.")
    private @Nullable Duration timeout;

    @Override
    public Integer call() throws InterruptedException {
        if (watch && wait) {
            throw new CliError(ExitCode.USAGE, "expected --watch or --wait, not both");
        }
        if (logs && !watch) {
            throw new CliError(ExitCode.USAGE, "--logs needs --watch");
        }
        if ((type == null) == (graph == null)) {
            throw new CliError(ExitCode.USAGE, "expected a TYPE or --graph, "
                    + (type == null ? "found neither" : "not both"));
        }
        var started = type == null ? IdempotentSubmit.send(api(), ApiClient.WORKFLOWS, key, graph(graph))
                : start(type);
        var id = started.path("operation_id").asString("");
        if (watch) {
            return new WatchLoop(api(), ProgressView.of(output()), logs).untilEnded(List.of(id), timeout);
        }
        if (wait) {
            return new ResultPrinter(api()).await(id, timeout, output());
        }
        output().print(started, () -> id + "\n");
        if (TerminalCheck.isTerminal()) {
            say("Watch it: longhaul watch " + id);
        }
        return ExitCode.DONE;
    }

    private JsonNode start(String type) throws InterruptedException {
        var body = operation.body(type);
        SubmitOptions.put(SubmitOptions.put(body, "run_at", at), "delay", delay);
        return IdempotentSubmit.send(api(), ApiClient.OPERATIONS, key, ApiClient.Content.of(body));
    }

    private ApiClient.Content graph(String file) {
        if (operation.hasMoreThanInput() || at != null || delay != null) {
            throw new CliError(ExitCode.USAGE, "--graph allows only --input, --key, --watch, --wait, --logs, --timeout "
                    + "and --output; the graph holds the options of its nodes");
        }
        if (file.equals(TextFile.STDIN) && operation.input().readsStdin()) {
            throw new CliError(ExitCode.USAGE, "only one of --graph and --input can be read from stdin");
        }
        var graph = WorkflowFile.read(file);
        return operation.input().isEmpty() ? graph.content() : graph.with(operation.input().object());
    }
}
