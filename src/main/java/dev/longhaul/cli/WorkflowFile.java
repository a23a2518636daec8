package dev.longhaul.cli;

import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import tools.jackson.databind.node.ObjectNode;

/// A workflow file. It is sent as it was written, so that the service can name the place of an error.
final class WorkflowFile {

    private final String text;

    private WorkflowFile(String text) {
        this.text = text;
    }

    /// @param file `-`: stdin
    static WorkflowFile read(String file) {
        return new WorkflowFile(TextFile.read(file));
    }

    ApiClient.Content content() {
        return new ApiClient.Content(text.stripLeading().startsWith("{") ? "application/json" : "application/yaml",
                text.getBytes(StandardCharsets.UTF_8));
    }

    /// With values put into its `input`. Works on YAML nodes: only the service decides what a scalar means.
    ApiClient.Content with(ObjectNode input) {
        var yaml = new Yaml();
        try {
            if (!(yaml.compose(new StringReader(text)) instanceof MappingNode graph)) {
                throw new CliError(ExitCode.USAGE,
                        "--input needs a graph that is a mapping with 'nodes'");
            }
            merge(graph, (MappingNode) yaml
                    .compose(new StringReader(ApiClient.json.createObjectNode().set("input", input).toString())));
            var written = new StringWriter();
            yaml.serialize(graph, written);
            return new ApiClient.Content("application/yaml", written.toString().getBytes(StandardCharsets.UTF_8));
        } catch (YAMLException unreadable) {
            throw new CliError(ExitCode.USAGE, "the graph is not YAML: " + unreadable.getMessage());
        }
    }

    private static void merge(MappingNode into, MappingNode from) {
        for (var given : from.getValue()) {
            var name = name(given);
            var there = into.getValue().stream().filter(member -> name(member).equals(name)).findFirst();
            if (there.map(NodeTuple::getValueNode).orElse(null) instanceof MappingNode old && given.getValueNode()
                    instanceof MappingNode more) {
                merge(old, more);
            } else {
                there.ifPresent(into.getValue()::remove);
                into.getValue().add(given);
            }
        }
    }

    private static Optional<String> name(NodeTuple member) {
        Node key = member.getKeyNode();
        return key instanceof ScalarNode text ? Optional.of(text.getValue()) : Optional.empty();
    }
}
