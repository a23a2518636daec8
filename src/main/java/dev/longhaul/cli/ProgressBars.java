package dev.longhaul.cli;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jline.utils.AttributedString;
import tools.jackson.databind.JsonNode;

/// A bar per operation. Repainted at most ten times a second, and once a second for the elapsed time.
final class ProgressBars implements ProgressView {

    private static final int INTERVAL_MILLIS = 100;
    private static final int INTERVALS_PER_SECOND = 10;

    private final LiveDisplay display = new LiveDisplay(false);
    private final boolean color = TerminalCheck.hasColor();
    private final Map<String, OperationLines.Line> operations = new LinkedHashMap<>();
    private final Thread painter = Thread.ofPlatform().name("painter").daemon().start(this::paintLoop);
    private String note = "";
    private boolean dirty;

    @Override
    public synchronized void show(JsonNode operation) {
        OperationLines.lines(operation).forEach(line -> operations.put(line.key(), line));
        dirty = true;
    }

    @Override
    public void log(String id, JsonNode line) {
        display.above(line(LogsCommand.text(ProgressBar.shortened(id), line)));
    }

    @Override
    public synchronized void note(String text) {
        note = text;
        dirty = true;
    }

    private void paintLoop() {
        try {
            for (var n = 0; ; n++) {
                Thread.sleep(INTERVAL_MILLIS);
                var resized = display.measure();
                if (clearDirty() || resized || n % INTERVALS_PER_SECOND == 0) {
                    display.paint(lines());
                }
            }
        } catch (InterruptedException closed) {
            // close() paints the last lines
        }
    }

    private synchronized boolean clearDirty() {
        var was = dirty;
        dirty = false;
        return was;
    }

    /// As many lines as fit, running operations first; the rest is counted.
    private synchronized List<AttributedString> lines() {
        var room = Math.max(1, display.height() - 2);
        var shown = operations.size() <= room ? List.copyOf(operations.values())
                : operations.values().stream().sorted(Comparator.comparing(ProgressBars::isFinished)).limit(room - 1)
                .toList();
        var lines = new ArrayList<AttributedString>();
        shown.forEach(one -> lines.add(ProgressBar.of(one.label(), one.operation(), display.width(), color)));
        if (shown.size() < operations.size()) {
            var rest = operations.values().stream().filter(one -> !shown.contains(one))
                    .collect(Collectors.groupingBy(one -> OperationsCommand.status(one.operation()),
                            Collectors.counting()));
            lines.add(line("… and " + rest.entrySet().stream().map(one -> one.getValue() + " " + one.getKey())
                    .collect(Collectors.joining(", ")) + " more"));
        }
        if (!note.isEmpty()) {
            lines.add(line(note));
        }
        return lines;
    }

    private static boolean isFinished(OperationLines.Line line) {
        return line.operation().hasNonNull("finished_at");
    }

    private AttributedString line(String text) {
        return AttributedString.fromAnsi(color ? Colors.DIM.on(text) : text).columnSubSequence(0, display.width());
    }

    @Override
    public void close() {
        painter.interrupt();
        display.measure();
        display.paint(lines());
        display.close();
    }
}
