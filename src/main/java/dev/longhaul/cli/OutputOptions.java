package dev.longhaul.cli;

import java.io.PrintStream;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// In which form a command tells what it found.
final class OutputOptions {

    enum Form { table, wide, json, yaml, name }

    @Option(names = {"-o", "--output"}, paramLabel = "FORM", defaultValue = "table",
            description = "table, wide (more columns), json, yaml or name (ids only); default: table.")
    private Form form = Form.table;

    /// What things are known by; a thing may tell of others that it belongs to, whose ids come later here.
    private static final List<String> IDS = List.of("delivery_id", "webhook_id", "worker_id", "fingerprint",
            "operation_id", "id", "name", "type");

    private final PrintStream out = System.out;

    Form form() {
        return form;
    }

    boolean isForPrograms() {
        return form == Form.json || form == Form.yaml;
    }

    /// One document: in full for programs, else as the text says.
    void tell(JsonNode found, Supplier<String> text) {
        switch (form) {
            case json -> out.println(pretty(found));
            case yaml -> out.print(yaml(found));
            case name -> out.println(IDS.stream().filter(found::hasNonNull).findFirst()
                    .map(id -> found.path(id).asString("")).orElse(""));
            case table, wide -> out.print(text.get());
        }
    }

    /// Many: an array for programs.
    void tellAll(List<? extends JsonNode> found, Supplier<TextTable> table, String none) {
        switch (form) {
            case json, yaml -> tell(ApiClient.json.createArrayNode().addAll(List.copyOf(found)), () -> "");
            case name -> found.forEach(one -> tell(one, () -> ""));
            case table, wide -> {
                if (found.isEmpty()) {
                    System.err.println(none);
                } else {
                    out.print(table.get().text(TerminalCheck.hasColor()));
                }
            }
        }
    }

    boolean isWide() {
        return form == Form.wide;
    }

    static Instant now() {
        return Instant.now();
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
