package dev.longhaul.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Columns as wide as their widest cell, with numbers on the right.
final class TextTable {

    private final List<String> head;
    private final List<List<Cell>> rows = new ArrayList<>();

    record Cell(String text, Colors paint, boolean isNumber) {

        Cell(String text, Colors paint) {
            this(text, paint, false);
        }

        static Cell of(Object text) {
            return new Cell(String.valueOf(text), Colors.PLAIN, text instanceof Number);
        }
    }

    TextTable(String... head) {
        this.head = List.of(head);
    }

    TextTable row(Object... cells) {
        rows.add(Arrays.stream(cells).map(cell -> cell instanceof Cell own ? own : Cell.of(cell)).toList());
        return this;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    /// Without trailing blanks.
    String text(boolean color) {
        var widths = IntStream.range(0, head.size())
                .map(n -> Math.max(head.get(n).length(), rows.stream().mapToInt(row -> row.get(n).text.length()).max()
                        .orElse(0))).toArray();
        var isNumber = IntStream.range(0, head.size()).mapToObj(n -> !rows.isEmpty() && rows.getFirst().get(n).isNumber)
                .toList();
        var names = IntStream.range(0, head.size()).mapToObj(n -> new Cell(head.get(n), Colors.DIM, isNumber.get(n)))
                .toList();
        return Stream.concat(Stream.of(names), rows.stream()).map(cells -> line(cells, widths, color) + "\n")
                .collect(Collectors.joining());
    }

    private static String line(List<Cell> cells, int[] widths, boolean color) {
        var line = new StringBuilder();
        for (var n = 0; n < cells.size(); n++) {
            var cell = cells.get(n);
            var room = " ".repeat(widths[n] - cell.text.length());
            line.append(n == 0 ? "" : "  ").append(cell.isNumber ? room : "")
                    .append(color ? cell.paint.on(cell.text) : cell.text).append(cell.isNumber ? "" : room);
        }
        return line.toString().stripTrailing();
    }
}
