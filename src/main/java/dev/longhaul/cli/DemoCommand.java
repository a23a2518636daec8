package dev.longhaul.cli;

import java.util.ArrayList;
import picocli.CommandLine;
import picocli.CommandLine.Option;

@CommandLine.Command(name = "demo",
        description = {"Start five simulations and watch them. They have the tag and the queue 'demo'.",
            "Kill the service while they run and start it again: they continue."})
class DemoCommand extends OutputCommand {

    private static final int[] SECONDS = {10, 20, 30, 45, 60};

    @Option(names = "--detach", description = "Only start them, and print their ids.")
    private boolean detach;

    @Override
    public Integer call() throws InterruptedException {
        var ids = new ArrayList<String>();
        for (var seconds : SECONDS) {
            var body = ApiClient.json.createObjectNode().put("type", "simulation").put("queue", "demo");
            body.putObject("input").put("duration_seconds", seconds).put("steps", seconds);
            body.putArray("tags").add("demo");
            var operation = IdempotentSubmit.send(api(), ApiClient.OPERATIONS, null, ApiClient.Content.of(body));
            ids.add(operation.path("operation_id").asString(""));
            if (detach) {
                output().print(operation, () -> ids.getLast() + "\n");
            }
        }
        return detach ? ExitCode.DONE : new WatchLoop(api(), ProgressView.of(output())).untilEnded(ids, null);
    }
}
