package dev.longhaul.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The lines of an operation in a progress view: one, and for a workflow one more per node.
final class OperationLines {

    private OperationLines() {
    }

    /// @param key   the id, of a node followed by its name
    /// @param label of the bar
    record Line(String key, String label, JsonNode operation) {}

    static List<Line> lines(JsonNode operation) {
        var id = DisplayFormat.text(operation, "operation_id");
        var lines = new ArrayList<Line>();
        lines.add(new Line(id, DisplayFormat.text(operation, "type"), withFailures(operation)));
        operation.path("nodes").forEach(node -> {
            var name = DisplayFormat.text(node, "name");
            lines.add(new Line(id + "/" + name, "  " + name, asOperation(node)));
        });
        return lines;
    }

    /// A workflow completes if a failure branch completed. Then its line names the nodes that failed.
    private static JsonNode withFailures(JsonNode operation) {
        var parts = Stream.of("failed", "cancelled", "skipped").map(status -> Map.entry(status,
                operation.path("nodes").valueStream().filter(node -> isIn(node, status)).count()))
                .filter(count -> count.getValue() > 0).map(count -> count.getValue() + " " + count.getKey()).toList();
        return parts.isEmpty() || !isIn(operation, "completed") ? operation : ((ObjectNode) operation.deepCopy())
                .put("message", "nodes: " + String.join(", ", parts)).put("has_failures", true);
    }

    private static boolean isIn(JsonNode document, String status) {
        return DisplayFormat.text(document, "status").equals(status);
    }

    /// A node that never ran has no progress, though the service counts it as done.
    private static JsonNode asOperation(JsonNode node) {
        var status = DisplayFormat.text(node, "status");
        var like = ApiClient.json.createObjectNode().put("operation_id", DisplayFormat.text(node, "operation_id"))
                .put("status", status).put("message", message(node));
        like.set("type", node.path("type"));
        like.set("progress", List.of("skipped", "not_triggered").contains(status)
                ? like.nullNode() : node.path("progress"));
        like.set("error", node.path("error"));
        like.set("finished_at", node.path("finished_at"));
        return like;
    }

    /// Counts the finished operations of a fan-out.
    private static String message(JsonNode node) {
        var total = node.path("total").asInt(0);
        var failed = node.path("failed").asInt(0);
        return total < 2 ? "" : node.path("finished").asInt(0) + " of " + total
                + (failed > 0 ? ", " + failed + " not completed" : "");
    }
}
