package dev.longhaul.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// A line per change, for a log, a pipe or a CI job. With `-o json` the line is a JSON document.
final class LineView implements ProgressView {

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT)
            .withZone(ZoneId.systemDefault());

    private final OutputOptions.Form form;
    private final Map<String, String> last = new HashMap<>();

    LineView(OutputOptions.Form form) {
        this.form = form;
    }

    @Override
    public synchronized void show(JsonNode operation) {
        if (isForPrograms()) {
            print(ApiClient.json.writeValueAsString(operation));
        } else {
            OperationLines.lines(operation).forEach(this::print);
        }
    }

    private boolean isForPrograms() {
        return form == OutputOptions.Form.json || form == OutputOptions.Form.yaml;
    }

    private static void print(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private void print(OperationLines.Line of) {
        var operation = of.operation();
        var line = "%s  %-9s  %4s  %s".formatted(DisplayFormat.line(operation.path("type")),
                OperationsCommand.status(operation), DisplayFormat.percent(operation.path("progress")),
                OperationsCommand.message(operation)).stripTrailing();
        if (!line.equals(last.put(of.key(), line))) {
            print(form == OutputOptions.Form.name ? of.key()
                    : CLOCK.format(Instant.now()) + "  " + of.key() + "  " + line);
        }
    }

    @Override
    public synchronized void log(String id, JsonNode line) {
        if (isForPrograms()) {
            print(ApiClient.json.writeValueAsString(ApiClient.json.createObjectNode().put("operation_id", id)
                    .set("log", line)));
        } else if (form != OutputOptions.Form.name) {
            print(LogsCommand.text(id, line));
        }
    }

    @Override
    public void note(String text) {
        if (!text.isEmpty()) {
            System.err.println(text);
        }
    }

    @Override
    public void close() {
        // every line is printed when it is complete
    }
}
