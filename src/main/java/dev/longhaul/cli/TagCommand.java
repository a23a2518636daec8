package dev.longhaul.cli;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@CommandLine.Command(name = "tag", description = {"Add tags to operations, and remove others.",
    "With --filter, a bulk_tag operation does it and continues without this command."})
class TagCommand extends ChangeCommand {

    @Option(names = {"-a", "--add"}, paramLabel = "TAG", description = "A tag to add. May be repeated.")
    private List<String> add = List.of();

    @Option(names = {"-d", "--remove"}, paramLabel = "TAG", description = "A tag to remove. May be repeated.")
    private List<String> remove = List.of();

    TagCommand() {
        super("tag", "bulkTag", "", TagCommand::result);
    }

    private static String result(JsonNode operation) {
        var tags = OperationsCommand.tags(operation, ",");
        return tags.isEmpty() ? "no tags" : tags;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (add.isEmpty() && remove.isEmpty()) {
            throw new CliError(ExitCode.USAGE, "expected --add or --remove, found neither");
        }
        return super.call();
    }

    /// `If-Match`: two commands that tag at once do not undo each other's change.
    @Override
    JsonNode change(String id) {
        var operation = api().get(ApiClient.operation(id));
        var tags = new LinkedHashSet<String>();
        operation.path("tags").forEach(tag -> tags.add(tag.asString("")));
        tags.addAll(add);
        remove.forEach(tags::remove);
        var changes = ApiClient.json.createObjectNode();
        tags.forEach(changes.putArray("tags")::add);
        return api().patch(ApiClient.operation(id), changes,
                Map.of("If-Match", "\"v" + operation.path("version").asLong() + "\""));
    }

    @Override
    ObjectNode body() {
        var body = super.body();
        add.forEach(body.putArray("add")::add);
        remove.forEach(body.putArray("remove")::add);
        return body;
    }
}
