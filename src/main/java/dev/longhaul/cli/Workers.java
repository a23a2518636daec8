package dev.longhaul.cli;

import picocli.CommandLine;
import picocli.CommandLine.Mixin;

/// Lists who runs operations.
@CommandLine.Command(name = "workers", description = "List who runs operations: nodes and remote workers.")
class Workers extends Command {

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() {
        var workers = api().get("/api/v1/workers").path("workers").valueStream().toList();
        output.tellAll(workers, () -> {
            var table = new Table("WORKER", "NAME", "KIND", "STATUS", "RUNNING", "LAST BEAT", "UP");
            for (var worker : workers) {
                var status = worker.path("status").asString("");
                table.row(worker.path("worker_id").asString(""), Words.line(worker.path("name")), worker.path("kind").asString(""), new Table.Cell(status, Paint.of(status)),
                        worker.path("running").asLong(0),
                        Words.ago(worker.path("beat_at"), Output.now()), Words.ago(worker.path("started_at"), Output.now()));
            }
            return table;
        }, "No worker is alive: operations are accepted, and none runs.");
        return Exit.DONE;
    }
}
