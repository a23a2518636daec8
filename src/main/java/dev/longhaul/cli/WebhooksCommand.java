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
import tools.jackson.databind.node.ObjectNode;

@CommandLine.Command(name = "webhooks",
        description = "List the webhooks. Subcommands create, change, test and delete one, and show its deliveries.",
        subcommands = {WebhooksCommand.ShowCommand.class, WebhooksCommand.CreateCommand.class,
            WebhooksCommand.EditCommand.class, WebhooksCommand.EnableCommand.class,
            WebhooksCommand.DisableCommand.class, WebhooksCommand.TestCommand.class,
            WebhooksCommand.RotateCommand.class, DeliveriesCommand.class, DeliveriesCommand.RedeliverCommand.class,
            WebhooksCommand.DeleteCommand.class})
class WebhooksCommand extends ListCommand {

    static final String WEBHOOKS = "/api/v1/webhooks";
    private static final List<Column> COLUMNS = List.of(Column.text("ID", "webhook_id"),
            Column.status("STATE", WebhooksCommand::state), Column.of("EVENTS", WebhooksCommand::events),
            Column.text("FILTER", "filter"), Column.text("URL", "url"), Column.text("REASON", "reason"));

    WebhooksCommand() {
        super(WEBHOOKS, "webhooks", COLUMNS, "No webhooks yet. Add one: "
                + "longhaul webhooks create https://hooks.example.org/longhaul --event failed");
    }

    private static String state(JsonNode webhook) {
        return webhook.path("enabled").asBoolean(false) ? "enabled" : "disabled";
    }

    /// Without the prefix that all events share.
    private static String events(JsonNode webhook) {
        return webhook.path("events").valueStream()
                .map(event -> DisplayFormat.line(event).replaceFirst("^operation\\.", ""))
                .collect(Collectors.joining(","));
    }

    @Override
    String text(JsonNode webhook) {
        var lines = new LinkedHashMap<String, String>();
        lines.put("webhook", DisplayFormat.text(webhook, "webhook_id"));
        lines.put("url", DisplayFormat.text(webhook, "url"));
        lines.put("state", state(webhook) + DisplayFormat.suffix(": ", webhook, "reason"));
        lines.put("events", events(webhook));
        lines.put("filter", DisplayFormat.text(webhook, "filter"));
        lines.put("about", DisplayFormat.text(webhook, "description"));
        lines.put("created", DisplayFormat.text(webhook, "created_at")
                + DisplayFormat.suffix(" by ", webhook, "created_by"));
        lines.put("changed", DisplayFormat.text(webhook, "changed_at")
                + DisplayFormat.suffix(" by ", webhook, "changed_by"));
        lines.put("previous", DisplayFormat.suffix("the previous secret signs too until ", webhook,
                "previous_secret_until"));
        lines.put("secret", DisplayFormat.text(webhook, "secret"));
        return DisplayFormat.pairs(lines);
    }

    /// The members of a webhook that people set.
    static final class WebhookOptions {

        @Option(names = {"-e", "--event"}, paramLabel = "EVENT", split = ",",
                description = "Send these events: submitted, started, waiting, retrying, completed, failed, "
                + "cancelled. May be repeated.")
        private @Nullable List<String> events;

        @Option(names = {"-f", "--filter"}, paramLabel = "FILTER",
                description = "Send events of these operations only, e.g. 'queue:imports'.")
        private @Nullable String filter;

        @Option(names = "--about", paramLabel = "TEXT", description = "A description, for people.")
        private @Nullable String about;

        ObjectNode putInto(ObjectNode body) {
            if (events != null) {
                events.forEach(event -> body.withArray("events")
                        .add(event.contains(".") ? event : "operation." + event));
            }
            return SubmitOptions.put(SubmitOptions.put(body, "filter", filter), "description", about);
        }
    }

    @CommandLine.Command(name = "show", description = "Show a webhook, and the reason if it is disabled.")
    static class ShowCommand extends ItemCommand.GetItemCommand {
    }

    @CommandLine.Command(name = "create",
            description = {"Create a webhook, and print it with the secret that signs its messages. "
            + "The secret is shown only here.",
                "  longhaul webhooks create https://hooks.example.org/longhaul --event failed "
            + "--filter 'queue:imports'"})
    static class CreateCommand extends OutputCommand {

        @Parameters(paramLabel = "TARGET", description = "The URL to send to.")
        private String target = "";

        @Mixin
        private WebhookOptions options = new WebhookOptions();

        @Override
        public Integer call() {
            var body = options.putInto(ApiClient.json.createObjectNode().put("url", target));
            if (!body.has("events")) {
                throw new CliError(ExitCode.USAGE, "--event is missing, e.g. --event failed");
            }
            return print(api().post(WEBHOOKS, body), new WebhooksCommand()::text);
        }
    }

    @CommandLine.Command(name = "edit",
            description = "Change a webhook's URL, events, filter or description. Other members keep their values.")
    static class EditCommand extends ItemCommand.UpdateCommand {

        @Option(names = "--target", paramLabel = "URL", description = "The URL to send to.")
        private @Nullable String target;

        @Mixin
        private WebhookOptions options = new WebhookOptions();

        @Override
        ObjectNode changes() {
            var changes = options.putInto(SubmitOptions.put(ApiClient.json.createObjectNode(), "url", target));
            if (changes.isEmpty()) {
                throw new CliError(ExitCode.USAGE, "expected at least one of --target, --event, --filter and --about");
            }
            return changes;
        }
    }

    @CommandLine.Command(name = "enable",
            description = "Enable a webhook. Events that occurred while it was disabled are not sent.")
    static class EnableCommand extends ItemCommand.UpdateCommand {

        @Override
        ObjectNode changes() {
            return ApiClient.json.createObjectNode().put("enabled", true);
        }
    }

    @CommandLine.Command(name = "disable", description = "Disable a webhook: nothing more is sent to it.")
    static class DisableCommand extends ItemCommand.UpdateCommand {

        @Override
        ObjectNode changes() {
            return ApiClient.json.createObjectNode().put("enabled", false);
        }
    }

    @CommandLine.Command(name = "rotate",
            description = "Give a webhook a new secret, and print it. The previous secret signs too for a while.")
    static class RotateCommand extends ItemCommand.ActionCommand {

        @Override
        String verb() {
            return "rotateSecret";
        }

        @Override
        public Integer call() {
            return print(post());
        }
    }

    @CommandLine.Command(name = "test", description = "Send a test message to a webhook.")
    static class TestCommand extends DeliveriesCommand.SendCommand {
    }

    @CommandLine.Command(name = "delete", description = "Delete a webhook and its deliveries.")
    static class DeleteCommand extends ItemCommand.DeleteItemCommand {
    }
}
