package dev.longhaul.cli;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// A line for every change, where no terminal is: a log, a pipe, a CI job.
final class LineView implements ProgressView {

    private static final DateTimeFormatter CLOCK = DateTimeFormatter.ofPattern("HH:mm:ss")
            .withZone(ZoneId.systemDefault());

    private final OutputOptions.Form form;
    private final Map<String, String> last = new HashMap<>();

    LineView(OutputOptions.Form form) {
        this.form = form;
    }

    @Override
    public synchronized void show(JsonNode operation) {
        OperationLines.lines(operation).forEach(this::print);
    }

    private void print(OperationLines.Line of) {
        var operation = of.operation();
        var line = "%s  %-9s  %4s  %s".formatted(DisplayFormat.line(operation.path("type")),
                ListCommand.state(operation), DisplayFormat.percent(operation.path("progress")),
                ListCommand.said(operation)).stripTrailing();
        if (!line.equals(last.put(of.key(), line))) {
            System.out.println(form == OutputOptions.Form.name ? of.key() : CLOCK.format(Instant.now()) + "  "
                    + of.key() + "  " + line);
            System.out.flush();
        }
    }

    @Override
    public synchronized void log(String id, JsonNode line) {
        if (form != OutputOptions.Form.name) {
            System.out.println(LogsCommand.text(id, line));
            System.out.flush();
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
        // every line was whole
    }
}
