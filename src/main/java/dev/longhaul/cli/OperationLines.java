package dev.longhaul.cli;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The lines of an operation on a board: one, and of a workflow that was looked at as a whole one more for each of its
/// nodes.
final class OperationLines {

    private OperationLines() {
    }

    /// @param key   what it is known by: its id, and the node's name behind it
    /// @param label what its bar is called
    record Line(String key, String label, JsonNode operation) {}

    static List<Line> lines(JsonNode operation) {
        var id = operation.path("operation_id").asString("");
        var lines = new ArrayList<Line>();
        lines.add(new Line(id, DisplayFormat.line(operation.path("type")), operation));
        operation.path("nodes").forEach(node -> {
            var name = DisplayFormat.line(node.path("name"));
            lines.add(new Line(id + "/" + name, "  " + name, asOperation(node)));
        });
        return lines;
    }

    private static JsonNode asOperation(JsonNode node) {
        var like = ApiClient.json.createObjectNode();
        like.put("operation_id", node.path("operation_id").asString("")).put("status", node.path("status").asString(""))
                .put("message", said(node));
        like.set("type", node.path("type"));
        like.set("progress", node.path("progress"));
        like.set("error", node.path("error"));
        like.set("finished_at", node.path("finished_at"));
        return like;
    }

    /// Of a node that is many operations, how many are over.
    private static String said(JsonNode node) {
        var total = node.path("total").asInt(0);
        var bad = node.path("failed").asInt(0);
        return total < 2 ? "" : node.path("finished").asInt(0) + " of " + total
                + (bad > 0 ? ", " + bad + " not completed" : "");
    }
}
