package dev.longhaul.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@CommandLine.Command(name = "deliveries",
        description = {"List a webhook's deliveries and their answers, newest first.",
            "A delivery is an operation: longhaul watch, events and cancel take the id that -o wide shows."})
class DeliveriesCommand extends ListCommand.PagedCommand {

    private static final List<Column> COLUMNS = List.of(Column.text("DELIVERY", "delivery_id"),
            Column.text("CREATED", "created_at"), Column.text("EVENT", "event"),
            Column.orDash("OPERATION", "operation_id"),
            Column.status("STATUS", delivery -> DisplayFormat.text(delivery, "status")),
            Column.number("ATTEMPTS", "attempts"), Column.orDash("RESPONSE", "response_status"),
            Column.text("DELIVERED BY", "delivery_operation_id").wide(), Column.text("ERROR", "error").cutAt(60));

    @Parameters(paramLabel = "ID", description = "The webhook's id.")
    private String webhook = "";

    @Option(names = "--before", paramLabel = "TIME",
            description = "Only deliveries created before this time: the last CREATED of the previous page.")
    private @Nullable String before;

    DeliveriesCommand() {
        super(WebhooksCommand.WEBHOOKS, "deliveries", COLUMNS, "");
    }

    @Override
    String path() {
        return super.path() + "/" + ApiClient.encoded(webhook) + "/deliveries";
    }

    @Override
    Map<String, ? extends @Nullable Object> filters() {
        return Map.of("before", text(before));
    }

    @Override
    int largest() {
        return ApiClient.LARGEST_PAGE;
    }

    @Override
    String none() {
        return "No deliveries yet. Try it: longhaul webhooks test " + webhook;
    }

    /// Base of commands that start a delivery.
    abstract static class SendCommand extends ItemCommand.ActionCommand {

        @Mixin
        private WatchOption watch = new WatchOption();

        @Override
        String line(JsonNode delivery) {
            return "delivered by " + DisplayFormat.text(delivery, "delivery_operation_id");
        }

        @Override
        public Integer call() throws InterruptedException {
            var delivery = post();
            return watch.isSet() ? watch.watch(this, DisplayFormat.text(delivery, "delivery_operation_id"))
                    : printLine(delivery);
        }
    }

    @CommandLine.Command(name = "redeliver",
            description = "Send a delivery again: the same content under the same webhook-id.")
    static class RedeliverCommand extends SendCommand {

        @Parameters(index = "1", paramLabel = "DELIVERY", description = "Its id, as 'webhooks deliveries' shows it.")
        private String delivery = "";

        @Override
        String path() {
            return super.path() + "/deliveries/" + ApiClient.encoded(delivery);
        }
    }
}
