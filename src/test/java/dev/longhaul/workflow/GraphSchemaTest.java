package dev.longhaul.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The published JSON Schema is the one that graphs are checked against. `mvn test -Dtest=GraphSchemaTest -Dregenerate`
/// writes the file.
@LonghaulTest
class GraphSchemaTest {

    private static final Path FILE = Path.of("docs/workflow.schema.json");

    @Autowired
    Workflows workflows;
    @Autowired
    JsonMapper json;

    @Test
    void thePublishedSchemaIsCurrent() throws IOException {
        var schema = json.createObjectNode().put("$schema", "https://json-schema.org/draft/2020-12/schema")
                .put("title", "A workflow of Longhaul");
        schema.setAll((ObjectNode) workflows.schema());
        var text = json.writerWithDefaultPrettyPrinter().writeValueAsString(schema) + "\n";
        if (System.getProperty("regenerate") != null) {
            Files.writeString(FILE, text);
        }

        assertThat(Files.readString(FILE)).as("update it with: mvn test -Dtest=GraphSchemaTest -Dregenerate")
                .isEqualTo(text);
    }
}
