package dev.longhaul.workflow;

import static dev.longhaul.workflow.WorkflowGraph.When.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.types.InputTypes;
import dev.longhaul.workflow.WorkflowGraph.Node;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.yaml.snakeyaml.Yaml;
import tools.jackson.databind.JsonNode;

/// The workflow of docs/workflows.md is the same in YAML and in Java, and the Java compiles.
class WorkflowsPageTest extends GraphTest {

    @Autowired
    InputTypes inputs;

    @Test
    void theJavaGraphIsTheYamlGraph() throws IOException {
        var graph = Workflow.named("orders")
                .node("fetch", Node.of("http_request").forEach(List.of("north.csv", "south.csv", "west.csv"))
                        .input(Map.of("url", "http://127.0.0.1:8099/${item}")))
                .node("approve",
                        Node.of("approval").input(Map.of("action", "Import these?", "about", "${fetch.output.body}")))
                .node("import", Node.of("csv_import").needs("approve").forEach("${fetch.output}")
                        .input(Map.of("text", "${item.body}", "table", "import.orders")))
                .node("report", Node.of("compose").input(Map.of("value", Map.of("rows", "${import.output.rows}"))))
                .node("alarm", Node.of("compose").needs("approve", "import").when(failure)
                        .input(Map.of("value", "not imported: ${approve.error.message} ${import.error.message}")))
                .output("${report.output}").graph();

        var page = Files.readString(Path.of("docs/workflows.md"));
        assertThat(Files.readString(Path.of("src/test/java/dev/longhaul/workflow/WorkflowsPageTest.java")))
                .as("the printed Java")
                .containsIgnoringWhitespaces(between(page, "workflows.start(Workflow", "graph(), caller")
                        .replace("workflows.start(", ""));
        JsonNode yaml = json.valueToTree(new Yaml().load(between(page, "```yaml\n", "\n```")));
        assertThat(plan(inputs.json().treeToValue(yaml, WorkflowGraph.class))).isEqualTo(plan(graph));
    }

    private Map<String, WorkflowPlan.Step> plan(WorkflowGraph graph) {
        return WorkflowPlan.of(graph, inputs.json()).steps();
    }

    private static String between(String text, String before, String after) {
        var from = text.indexOf(before);
        var begin = before.startsWith("```") ? from + before.length() : from;
        return text.substring(begin, text.indexOf(after, begin) + (before.startsWith("```") ? 0 : "graph()".length()));
    }
}
