package dev.longhaul.cli;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// What can be run, and what it needs.
@CommandLine.Command(name = "types",
        description =
        "List what can be run here, with the names of the inputs (required ones with a star) and how long they "
        + "usually run; of one type, the JSON Schema of its input too.")
class TypesCommand extends ServiceCommand {

    private static final String TYPES = "/api/v1/types";

    @Parameters(paramLabel = "TYPE", arity = "0..1", description = "This one only, with the JSON Schema of its input.")
    private @Nullable String type;

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Integer call() {
        if (type != null) {
            var one = api().get(TYPES + "/" + ApiClient.encoded(type));
            output.tell(one, () -> DisplayFormat.line(one.path("type")) + ": " + DisplayFormat
                    .line(one.path("description")) + "\n" + OutputOptions.pretty(one.path("input_schema")) + "\n");
            return ExitCode.DONE;
        }
        var types = api().get(TYPES).path("types").valueStream().toList();
        output.tellAll(types, () -> table(types, output.isWide()),
                "Nothing can be run: no tasks are here, and no worker has registered one.");
        return ExitCode.DONE;
    }

    private static TextTable table(List<JsonNode> types, boolean wide) {
        var table = new TextTable("TYPE", "USUALLY", "INPUT", "WHAT IT DOES");
        for (var type : types) {
            var about = DisplayFormat.line(type.path("description")).strip();
            table.row(DisplayFormat.line(type.path("type")),
                    DisplayFormat.span(type.path("durations").path("run_seconds").path("p50")),
                    inputs(type.path("input_schema")), wide ? about : DisplayFormat.cut(about, 80));
        }
        return table;
    }

    private static String inputs(JsonNode schema) {
        var required = schema.path("required").valueStream().map(JsonNode::asString).toList();
        return schema.path("properties").propertyNames().stream().map(name -> DisplayFormat.line(name)
                + (required.contains(name) ? "*" : "")).collect(Collectors.joining(" "));
    }
}
