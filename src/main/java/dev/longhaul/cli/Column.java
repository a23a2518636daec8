package dev.longhaul.cli;

import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// A column of a list: its head, and how a row's cell is read from a document.
///
/// @param cell   a text, a number or a [TextTable.Cell]
/// @param isWide true: shown with `-o wide` only
/// @param cut    longest cell without `-o wide`, in characters; 0: no limit
record Column(String head, Function<JsonNode, ?> cell, boolean isWide, int cut) {

    static Column of(String head, Function<JsonNode, ?> cell) {
        return new Column(head, cell, false, 0);
    }

    static Column text(String head, String member) {
        return of(head, row -> DisplayFormat.text(row, member));
    }

    /// `-` for none, so that scripts can count columns.
    static Column orDash(String head, String member) {
        return of(head, row -> row.hasNonNull(member) ? DisplayFormat.text(row, member) : "-");
    }

    static Column number(String head, String member) {
        return of(head, row -> row.path(member).asLong(0));
    }

    static Column ago(String head, String member) {
        return of(head, row -> DisplayFormat.ago(row.path(member)));
    }

    static Column status(String head, Function<JsonNode, String> status) {
        return of(head, row -> new TextTable.Cell(status.apply(row), Colors.of(status.apply(row))));
    }

    Column wide() {
        return new Column(head, cell, true, cut);
    }

    Column cutAt(int length) {
        return new Column(head, cell, isWide, length);
    }

    static TextTable table(List<Column> columns, List<? extends JsonNode> rows, boolean wide) {
        var shown = columns.stream().filter(column -> wide || !column.isWide).toList();
        var table = new TextTable(shown.stream().map(Column::head).toArray(String[]::new));
        rows.forEach(row -> table.row(shown.stream().map(column -> column.cell(row, wide)).toArray()));
        return table;
    }

    private Object cell(JsonNode row, boolean wide) {
        var value = cell.apply(row);
        return value instanceof String text && cut > 0 && !wide ? DisplayFormat.cut(text, cut) : value;
    }
}
