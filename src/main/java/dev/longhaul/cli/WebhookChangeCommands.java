package dev.longhaul.cli;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// What adds and changes webhooks, and what sends to them.
final class WebhookChangeCommands {

    private WebhookChangeCommands() {
    }

    /// Of what a webhook is told.
    static final class Terms {

        @Option(names = {"-e", "--event"}, paramLabel = "EVENT", split = ",",
                description =
                        "Of what to tell: submitted, started, waiting, retrying, completed, failed, cancelled. May "
                        + "be repeated.")
        private @Nullable List<String> events;

        @Option(names = {"-f", "--filter"}, paramLabel = "FILTER",
                description = "Of which operations, e.g. 'queue:imports'.")
        private @Nullable String filter;

        @Option(names = "--about", paramLabel = "TEXT", description = "A description, for people.")
        private @Nullable String about;

        void putInto(ObjectNode body) {
            if (events != null) {
                events.forEach(event -> body.withArray("events").add(event.contains(".") ? event : "operation."
                        + event));
            }
            SubmitOptions.put(body, "filter", filter);
            SubmitOptions.put(body, "description", about);
        }
    }

    @CommandLine.Command(name = "create",
            description =
            {"Add a webhook, and print it with the secret that its messages are signed with. The secret is told here "
            + "and never again.",
            "  longhaul webhooks create https://hooks.example.org/longhaul --event failed --filter 'queue:imports'"})
    static class Create extends ServiceCommand {

        @Parameters(paramLabel = "TARGET", description = "Where to send: a URL.")
        private String target = "";

        @Mixin
        private Terms terms = new Terms();

        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        public Integer call() {
            var body = ApiClient.json.createObjectNode().put("url", target);
            terms.putInto(body);
            if (!body.has("events")) {
                throw new CliError(ExitCode.USAGE, "say with --event of what to tell, e.g. --event failed");
            }
            var made = api().post(WebhooksCommand.WEBHOOKS, body);
            output.tell(made, () -> WebhooksCommand.text(made));
            return ExitCode.DONE;
        }
    }

    /// What is done by changing a webhook's fields.
    private abstract static class Patch extends WebhooksCommand.One {

        @Mixin
        private OutputOptions output = new OutputOptions();

        int patch(ObjectNode changes) {
            var webhook = api().patch(path(), changes, Map.of());
            output.tell(webhook, () -> WebhooksCommand.text(webhook));
            return ExitCode.DONE;
        }
    }

    @CommandLine.Command(name = "edit",
            description = "Change where a webhook sends, or of what it tells. What is not named stays.")
    static class Edit extends Patch {

        @Option(names = "--target", paramLabel = "URL", description = "Where to send.")
        private @Nullable String target;

        @Mixin
        private Terms terms = new Terms();

        @Override
        public Integer call() {
            var changes = ApiClient.json.createObjectNode();
            SubmitOptions.put(changes, "url", target);
            terms.putInto(changes);
            if (changes.isEmpty()) {
                throw new CliError(ExitCode.USAGE, "expected at least one of --target, --event, --filter and --about");
            }
            return patch(changes);
        }
    }

    @CommandLine.Command(name = "enable",
            description = "Send to a webhook again. What happened while it was disabled is not made up for.")
    static class Enable extends Patch {

        @Override
        public Integer call() {
            return patch(ApiClient.json.createObjectNode().put("enabled", true));
        }
    }

    @CommandLine.Command(name = "disable", description = "Send nothing more to a webhook.")
    static class Disable extends Patch {

        @Override
        public Integer call() {
            return patch(ApiClient.json.createObjectNode().put("enabled", false));
        }
    }

    @CommandLine.Command(name = "rotate",
            description = "Give a webhook a new secret, and print it. For a time the secret before signs too.")
    static class Rotate extends WebhooksCommand.One {

        @Mixin
        private OutputOptions output = new OutputOptions();

        @Override
        public Integer call() {
            var webhook = api().post(path() + ":rotateSecret", null);
            output.tell(webhook, () -> WebhooksCommand.text(webhook));
            return ExitCode.DONE;
        }
    }

    /// What sends something, and may be watched while it does.
    private abstract static class Sending extends WebhooksCommand.One {

        @Option(names = {"-w", "--watch"}, description = "Watch it until it was answered, or given up.")
        private boolean watch;

        @Mixin
        private OutputOptions output = new OutputOptions();

        int sent(JsonNode delivery) throws InterruptedException {
            var carrier = delivery.path("delivery_operation_id").asString("");
            if (watch) {
                return new WatchLoop(api(), ProgressView.of(output)).untilOver(List.of(carrier), null);
            }
            output.tell(delivery, () -> delivery.path("delivery_id").asString("") + "  carried by " + carrier + "\n");
            return ExitCode.DONE;
        }
    }

    @CommandLine.Command(name = "test", description = "Send a test to a webhook.")
    static class Test extends Sending {

        @Override
        public Integer call() throws InterruptedException {
            return sent(api().post(path() + ":test", null));
        }
    }

    @CommandLine.Command(name = "redeliver",
            description = "Send a delivery once more: the same content under the same webhook-id.")
    static class Redeliver extends Sending {

        @Parameters(index = "1", paramLabel = "DELIVERY", description = "Its id, as 'webhooks deliveries' shows it.")
        private String delivery = "";

        @Override
        public Integer call() throws InterruptedException {
            return sent(api().post(path() + "/deliveries/" + ApiClient.encoded(delivery) + ":redeliver", null));
        }
    }

    @CommandLine.Command(name = "delete", description = "Remove a webhook and what is known of its deliveries.")
    static class Delete extends WebhooksCommand.One {

        @Override
        public Integer call() {
            ApiClient.required(api().send("DELETE", path(), Map.of(), null));
            System.out.println(webhook() + "  deleted");
            return ExitCode.DONE;
        }
    }
}
