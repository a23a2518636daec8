package dev.longhaul.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Rows below a head, each column as wide as its widest cell.
final class Table {

    private final List<String> head;
    private final List<List<Cell>> rows = new ArrayList<>();

    record Cell(String text, Paint paint) {

        static Cell of(Object text) {
            return new Cell(String.valueOf(text), Paint.PLAIN);
        }
    }

    Table(String... head) {
        this.head = List.of(head);
    }

    Table row(Object... cells) {
        rows.add(Arrays.stream(cells).map(cell -> cell instanceof Cell own ? own : Cell.of(cell)).toList());
        return this;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /// Without a last column's trailing blanks.
    String text(boolean color) {
        var widths = IntStream.range(0, head.size())
                .map(n -> Math.max(head.get(n).length(), rows.stream().mapToInt(row -> row.get(n).text.length()).max().orElse(0))).toArray();
        var text = new StringBuilder();
        line(text, head.stream().map(name -> new Cell(name, Paint.DIM)).toList(), widths, color);
        rows.forEach(row -> line(text, row, widths, color));
        return text.toString();
    }

    private static void line(StringBuilder text, List<Cell> cells, int[] widths, boolean color) {
        for (var n = 0; n < cells.size(); n++) {
            var cell = cells.get(n);
            var isLast = n == cells.size() - 1;
            text.append(color ? cell.paint.on(cell.text) : cell.text);
            text.append(isLast ? "\n" : " ".repeat(widths[n] - cell.text.length() + 2));
        }
    }
}
