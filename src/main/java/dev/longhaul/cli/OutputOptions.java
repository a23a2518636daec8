package dev.longhaul.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.function.Supplier;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// The form of the output.
final class OutputOptions {

    enum Form { table, wide, json, yaml, name }

    @Option(names = {"-o", "--output"}, paramLabel = "FORM", defaultValue = "table",
            description = "table, wide (more columns), json, yaml or name (ids only); default: table.")
    private Form form = Form.table;

    /// Members that may hold the id. A document may hold the ids of others too; these come later here.
    private static final List<String> IDS = List.of("delivery_id", "webhook_id", "worker_id", "fingerprint",
            "operation_id", "id", "name", "type");

    private final PrintStream out = System.out;

    Form form() {
        return form;
    }

    boolean isForPrograms() {
        return form == Form.json || form == Form.yaml;
    }

    /// @param text of the document, for people
    void print(JsonNode found, Supplier<String> text) {
        switch (form) {
            case json -> out.println(pretty(found));
            case yaml -> out.print(yaml(found));
            case name -> out.println(IDS.stream().filter(found::hasNonNull).findFirst()
                    .map(id -> found.path(id).asString("")).orElse(""));
            case table, wide -> out.print(text.get());
        }
    }

    /// Prints an array for programs, a table for people.
    ///
    /// @param none for people, if there are no rows
    void printAll(List<? extends JsonNode> found, List<Column> columns, String none) {
        switch (form) {
            case json, yaml -> print(ApiClient.json.createArrayNode().addAll(List.copyOf(found)), () -> "");
            case name -> found.forEach(one -> print(one, () -> ""));
            case table, wide -> {
                if (found.isEmpty()) {
                    System.err.println(none);
                } else {
                    out.print(Column.table(columns, found, form == Form.wide).text(TerminalCheck.hasColor()));
                }
            }
        }
    }

    static String pretty(JsonNode found) {
        return ApiClient.json.writerWithDefaultPrettyPrinter().writeValueAsString(found);
    }

    private static String yaml(JsonNode found) {
        var options = new DumperOptions();
        options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
        return new Yaml(options).dump(ApiClient.json.treeToValue(found, Object.class));
    }
}
