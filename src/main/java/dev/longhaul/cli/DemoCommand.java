package dev.longhaul.cli;

import java.util.ArrayList;
import java.util.UUID;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Something to look at.
@CommandLine.Command(name = "demo", description =
        {"Start a few rehearsals of work, and watch them. They are tagged 'demo' and wait in a queue of that name.",
        "While they run, kill the service and start it again: they go on."})
class DemoCommand extends ServiceCommand {

    private static final int[] SECONDS = {10, 20, 30, 45, 60};

    @Option(names = "--detach", description = "Only start them, and print their ids.")
    private boolean detach;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Integer call() throws InterruptedException {
        var ids = new ArrayList<String>();
        for (var seconds : SECONDS) {
            var body = ApiClient.json.createObjectNode().put("type", "rehearsal").put("queue", "demo");
            body.putObject("input").put("duration_seconds", seconds).put("steps", seconds);
            body.putArray("tags").add("demo");
            var operation = IdempotentSubmit.send(api(), ApiClient.operations(), UUID.randomUUID().toString(),
                    ApiClient.Content.of(body));
            ids.add(operation.path("operation_id").asString(""));
            if (detach) {
                output.tell(operation, () -> ids.getLast() + "\n");
            }
        }
        return detach ? ExitCode.DONE : new WatchLoop(api(), ProgressView.of(output)).untilOver(ids, null);
    }
}
