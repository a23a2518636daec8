package dev.longhaul.cli;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Lists webhooks, and tells of one what was sent to it and what came of that.
@CommandLine.Command(name = "webhooks",
        description =
        "List who is told of events by HTTP; add, change, test or delete a webhook, look at what was sent to it, and "
        + "send it again.",
        subcommands = {WebhooksCommand.Show.class, WebhookChangeCommands.Create.class, WebhookChangeCommands.Edit.class,
        WebhookChangeCommands.Enable.class, WebhookChangeCommands.Disable.class, WebhookChangeCommands.Test.class,
                WebhookChangeCommands.Rotate.class, WebhooksCommand.Deliveries.class,
                WebhookChangeCommands.Redeliver.class, WebhookChangeCommands.Delete.class})
class WebhooksCommand extends ServiceCommand {

    static final String WEBHOOKS = "/api/v1/webhooks";

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Integer call() {
        var webhooks = api().get(WEBHOOKS).path("webhooks").valueStream().toList();
        output.tellAll(webhooks, () -> {
            var table = new TextTable("ID", "STATE", "EVENTS", "FILTER", "URL", "WHY");
            for (var webhook : webhooks) {
                table.row(webhook.path("webhook_id").asString(""), new TextTable.Cell(state(webhook),
                        Colors.of(state(webhook))), events(webhook), DisplayFormat.line(webhook.path("filter")),
                        DisplayFormat.line(webhook.path("url")), DisplayFormat.line(webhook.path("reason")));
            }
            return table;
        }, "No webhooks yet. Add one: longhaul webhooks create https://hooks.example.org/longhaul --event failed");
        return ExitCode.DONE;
    }

    static String state(JsonNode webhook) {
        return webhook.path("enabled").asBoolean(false) ? "enabled" : "disabled";
    }

    /// Without the word that all of them begin with.
    private static String events(JsonNode webhook) {
        return webhook.path("events").valueStream().map(event -> DisplayFormat.line(event).replaceFirst("^operation\\.",
                "")).collect(Collectors.joining(","));
    }

    static String text(JsonNode webhook) {
        var lines = new LinkedHashMap<String, String>();
        lines.put("webhook", webhook.path("webhook_id").asString(""));
        lines.put("url", DisplayFormat.line(webhook.path("url")));
        lines.put("state", state(webhook) + (webhook.hasNonNull("reason")
                ? ": " + DisplayFormat.line(webhook.path("reason")) : ""));
        lines.put("events", events(webhook));
        lines.put("filter", DisplayFormat.line(webhook.path("filter")));
        lines.put("about", DisplayFormat.line(webhook.path("description")));
        lines.put("created", webhook.path("created_at").asString("") + " by "
                + DisplayFormat.line(webhook.path("created_by")));
        lines.put("changed", webhook.path("changed_at").asString("") + " by "
                + DisplayFormat.line(webhook.path("changed_by")));
        lines.put("former", webhook.hasNonNull("previous_secret_until") ? "the secret before signs too until "
                + webhook.path("previous_secret_until").asString() : "");
        lines.put("secret", webhook.path("secret").asString(""));
        return DisplayFormat.pairs(lines);
    }

    /// Commands about one that is there.
    abstract static class One extends ServiceCommand {

        @Parameters(index = "0", paramLabel = "WEBHOOK", description = "Its id.")
        private String webhook = "";

        String webhook() {
            return webhook;
        }

        String path() {
            return WEBHOOKS + "/" + ApiClient.encoded(webhook);
        }
    }

    @CommandLine.Command(name = "show", description = "Show a webhook, and why it is disabled if it is.")
    static class Show extends One {

        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        public Integer call() {
            var webhook = api().get(path());
            output.tell(webhook, () -> text(webhook));
            return ExitCode.DONE;
        }
    }

    @CommandLine.Command(name = "deliveries",
            description = {"Tell what was sent to a webhook, newest first, and how it was answered.",
            "A delivery is an operation, too: longhaul watch, events and cancel take the id that -o wide shows."})
    static class Deliveries extends One {

        private static final int LARGEST_PAGE = 200;

        @Option(names = {"-n", "--limit"}, paramLabel = "N", defaultValue = "50",
                description = "At most so many, up to 200; default: 50.")
        private int limit;

        @Option(names = "--before", paramLabel = "MOMENT",
                description = "Only what was there before this moment: the CREATED of the last one of the page before.")
        private @Nullable String before;

        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        public Integer call() {
            if (limit < 1 || limit > LARGEST_PAGE) {
                throw new CliError(ExitCode.USAGE, "--limit must be between 1 and " + LARGEST_PAGE + ", not " + limit);
            }
            var deliveries = api()
                    .get(ApiClient.path(path() + "/deliveries", Map.of("page_size", limit, "before", before == null
                    ? "" : before))).path("deliveries").valueStream().toList();
            output.tellAll(deliveries, () -> table(deliveries, output.isWide()),
                    "Nothing was sent to it yet. Try it: longhaul webhooks test " + webhook());
            return ExitCode.DONE;
        }

        private static TextTable table(List<JsonNode> deliveries, boolean wide) {
            var table = wide ? new TextTable("DELIVERY", "CREATED", "EVENT", "OPERATION", "STATE", "TRIES", "ANSWER",
                    "CARRIED BY", "PROBLEM")
                    : new TextTable("DELIVERY", "CREATED", "EVENT", "OPERATION", "STATE", "TRIES", "ANSWER", "PROBLEM");
            for (var delivery : deliveries) {
                var state = delivery.path("status").asString("");
                var id = delivery.path("delivery_id").asString("");
                var created = delivery.path("created_at").asString("");
                var event = DisplayFormat.line(delivery.path("event"));
                var operation = delivery.hasNonNull("operation_id") ? delivery.path("operation_id").asString() : "-";
                var shown = new TextTable.Cell(state, Colors.of(state));
                var tries = delivery.path("attempts").asLong(0);
                var answer = delivery.hasNonNull("response_status") ? delivery.path("response_status").asString() : "-";
                if (wide) {
                    table.row(id, created, event, operation, shown, tries, answer,
                            delivery.path("delivery_operation_id").asString(""), DisplayFormat.line(delivery.path("error")));
                } else {
                    table.row(id, created, event, operation, shown, tries, answer,
                            DisplayFormat.cut(DisplayFormat.line(delivery.path("error")), 60));
                }
            }
            return table;
        }
    }
}
