package dev.longhaul.cli;

import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// The history of an operation.
@CommandLine.Command(name = "events", description =
        "Show what happened to an operation: who changed what, when and why. With -o json a document per line.")
class EventsCommand extends ServiceCommand {

    @Parameters(paramLabel = "ID", description = "The operation.")
    private String id = "";

    @Option(names = {"-F", "-f", "--follow"}, description = "Go on with what happens, until it is over.")
    private boolean follow;

    @Mixin
    private OutputOptions output = new OutputOptions();

    /// The stream from the very first version on is the history; without --follow it ends where the operation is now.
    @Override
    public Integer call() throws InterruptedException {
        var now = api().get(ApiClient.operation(id)).path("version").asLong(0);
        var stream = new EventStreamReader(api(), ApiClient.operation(id) + "/events", "0");
        stream.follow(new EventStreamReader.Ear() {
            @Override
            public boolean hear(String event, JsonNode data) {
                if (data.has("seq")) {
                    tell(data);
                }
                return !event.equals("done") && (follow || stream.place() < now);
            }

            @Override
            public void lost(String why) {
                say("Connection lost (" + why + "); trying again.");
            }
        });
        return ExitCode.DONE;
    }

    private void tell(JsonNode event) {
        if (output.isForPrograms()) {
            System.out.println(ApiClient.json.writeValueAsString(event));
            return;
        }
        var status = event.path("to_status").asString("");
        var from = event.path("from_status").asString("");
        var move = from.isEmpty() || from.equals(status) ? status : from + " → " + status;
        System.out.println("%-27s  %3d  %-16s  %-22s  %s%s".formatted(event.path("at").asString(""),
                event.path("seq").asInt(0), event.path("event").asString(""), move,
                DisplayFormat.line(event.path("by")), event.hasNonNull("reason")
                ? ": " + DisplayFormat.line(event.path("reason")) : ""));
    }
}
