package dev.longhaul.cli;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Adds tags to operations, and takes others away.
@CommandLine.Command(name = "tag", description = {"Add tags to operations, and take others away.",
        "All that pass a filter are tagged by an operation of their own, bulk_tag, which goes on when this command "
                + "is gone."})
class TagCommand extends ChangeCommands {

    @Option(names = {"-a", "--add"}, paramLabel = "TAG", description = "A tag that each gets. May be repeated.")
    private List<String> add = List.of();

    @Option(names = {"-d", "--remove"}, paramLabel = "TAG", description = "A tag that each loses. May be repeated.")
    private List<String> remove = List.of();

    TagCommand() {
        super("tag", "bulkTag", "", TagCommand::told);
    }

    private static String told(JsonNode operation) {
        var tags = operation.path("tags").valueStream().map(DisplayFormat::line).collect(Collectors.joining(","));
        return tags.isEmpty() ? "no tags" : tags;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (add.isEmpty() && remove.isEmpty()) {
            throw new CliError(ExitCode.USAGE, "expected --add or --remove, found neither");
        }
        return super.call();
    }

    /// Of the very version that was looked at: two who tag at once do not undo each other.
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
