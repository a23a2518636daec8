package dev.longhaul.cli;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// The lines of an operation in a progress view: one, and for a workflow one more per node.
final class OperationLines {

    private OperationLines() {
    }

    /// @param key   the id, of a node followed by its name
    /// @param label of the bar
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
                .put("message", message(node));
        like.set("type", node.path("type"));
        like.set("progress", node.path("progress"));
        like.set("error", node.path("error"));
        like.set("finished_at", node.path("settled_at"));
        return like;
    }

    /// Counts the finished operations of a fan-out.
    private static String message(JsonNode node) {
        var total = node.path("total").asInt(0);
        var failed = node.path("bad").asInt(0);
        return total < 2 ? "" : node.path("over").asInt(0) + " of " + total
                + (failed > 0 ? ", " + failed + " not completed" : "");
    }
}
