package dev.longhaul.cli;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@CommandLine.Command(name = "types",
        description = "List the task types, their inputs (a star marks required ones) and their typical duration. "
        + "With a TYPE: also the JSON Schema of its input.")
class TypesCommand extends ListCommand {

    private static final String TYPES = "/api/v1/types";
    private static final List<Column> COLUMNS = List.of(Column.text("TYPE", "type"),
            Column.of("TYPICAL DURATION", type -> DisplayFormat.span(type.at("/durations/run_seconds/p50"))),
            Column.of("INPUT", type -> inputs(type.path("input_schema"))),
            Column.of("DESCRIPTION", type -> DisplayFormat.text(type, "description").strip()).cutAt(80));

    @Parameters(paramLabel = "TYPE", arity = "0..1", description = "Show this task type only.")
    private @Nullable String type;

    TypesCommand() {
        super(TYPES, "types", COLUMNS, "No task types: this service has no tasks, and no worker has registered any.");
    }

    @Override
    public Integer call() throws Exception {
        return type == null ? super.call() : print(api().get(TYPES + "/" + ApiClient.encoded(type)),
                one -> DisplayFormat.text(one, "type") + ": " + DisplayFormat.text(one, "description") + "\n"
                + OutputOptions.pretty(one.path("input_schema")) + "\n");
    }

    private static String inputs(JsonNode schema) {
        var required = schema.path("required").valueStream().map(JsonNode::asString).toList();
        return schema.path("properties").propertyNames().stream()
                .map(name -> DisplayFormat.line(name) + (required.contains(name) ? "*" : ""))
                .collect(Collectors.joining(" "));
    }
}
