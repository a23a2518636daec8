package dev.longhaul.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jline.utils.AttributedString;
import tools.jackson.databind.JsonNode;

/// A bar for each operation, repainted ten times a second at most, and once a second since time goes on.
final class ProgressBars implements ProgressView {

    private static final int PACE_MILLIS = 100;
    private static final int TURNS_PER_SECOND = 10;

    private final LiveDisplay canvas = new LiveDisplay(false);
    private final boolean color = TerminalCheck.hasColor();
    private final Map<String, OperationLines.Line> operations = new LinkedHashMap<>();
    private final Thread painter = Thread.ofPlatform().name("painter").daemon().start(this::paintForEver);
    private String note = "";
    private boolean dirty;

    @Override
    public synchronized void show(JsonNode operation) {
        OperationLines.lines(operation).forEach(line -> operations.put(line.key(), line));
        dirty = true;
    }

    @Override
    public void log(String id, JsonNode line) {
        canvas.above(line(LogsCommand.text(ProgressBar.shortened(id), line)));
    }

    @Override
    public synchronized void note(String text) {
        note = text;
        dirty = true;
    }

    private void paintForEver() {
        try {
            for (var turn = 0; ; turn++) {
                Thread.sleep(PACE_MILLIS);
                var resized = canvas.measure();
                if (take() || resized || turn % TURNS_PER_SECOND == 0) {
                    canvas.paint(lines());
                }
            }
        } catch (InterruptedException closed) {
            // the last picture is painted by whoever closes
        }
    }

    private synchronized boolean take() {
        var was = dirty;
        dirty = false;
        return was;
    }

    /// As many as fit, what goes on before what is over; the rest is counted.
    private synchronized List<AttributedString> lines() {
        var room = Math.max(1, canvas.height() - 2);
        var shown = operations.size() <= room ? List.copyOf(operations.values())
                : operations.values().stream().sorted(Comparator.comparing(ProgressBars::isOver)).limit(room - 1)
                .toList();
        var lines = new ArrayList<AttributedString>();
        shown.forEach(one -> lines.add(ProgressBar.of(one.label(), one.operation(), canvas.width(), color)));
        if (shown.size() < operations.size()) {
            var rest = operations.values().stream().filter(one -> !shown.contains(one))
                    .collect(Collectors.groupingBy(one -> ListCommand.state(one.operation()), Collectors.counting()));
            lines.add(line("… and " + rest.entrySet().stream().map(one -> one.getValue() + " " + one.getKey())
                    .collect(Collectors.joining(", ")) + " more"));
        }
        if (!note.isEmpty()) {
            lines.add(line(note));
        }
        return lines;
    }

    private static boolean isOver(OperationLines.Line line) {
        return line.operation().hasNonNull("finished_at");
    }

    private AttributedString line(String text) {
        return AttributedString.fromAnsi(color ? Colors.DIM.on(text) : text).columnSubSequence(0, canvas.width());
    }

    @Override
    public void close() {
        painter.interrupt();
        canvas.measure();
        canvas.paint(lines());
        canvas.close();
    }
}
