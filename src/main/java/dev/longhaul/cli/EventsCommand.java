package dev.longhaul.cli;

import picocli.CommandLine;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

@CommandLine.Command(name = "events", description = "Show the history of an operation: each change with its time, "
        + "principal and reason. With -o json a document per line.")
class EventsCommand extends ItemCommand {

    @Option(names = {"-F", "-f", "--follow"}, description = "Follow the history until the operation has ended.")
    private boolean follow;

    /// The stream from version 0 on is the history. Without --follow it is left at the present version.
    @Override
    public Integer call() throws InterruptedException {
        var now = api().get(path()).path("version").asLong(0);
        var stream = new EventStreamReader(api(), path() + "/events", "0");
        stream.follow(new EventStreamReader.Listener() {
            @Override
            public boolean onEvent(String event, JsonNode data) {
                if (data.has("seq")) {
                    System.out.println(output().isForPrograms() ? ApiClient.json.writeValueAsString(data) : text(data));
                }
                return !event.equals("done") && (follow || stream.version() < now);
            }

            @Override
            public void onLoss(String reason) {
                say("Connection lost (" + reason + "). Reconnecting.");
            }
        });
        return ExitCode.DONE;
    }

    private static String text(JsonNode event) {
        var to = DisplayFormat.text(event, "to_status");
        var from = DisplayFormat.text(event, "from_status");
        return "%-27s  %3d  %-16s  %-22s  %s%s".formatted(DisplayFormat.text(event, "at"), event.path("seq").asInt(0),
                DisplayFormat.text(event, "event"), from.isEmpty() || from.equals(to) ? to : from + " → " + to,
                DisplayFormat.text(event, "by"), DisplayFormat.suffix(": ", event, "reason"));
    }
}
