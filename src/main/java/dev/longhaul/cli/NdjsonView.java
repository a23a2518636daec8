package dev.longhaul.cli;

import tools.jackson.databind.JsonNode;

/// One JSON document a line, for programs.
final class NdjsonView implements ProgressView {

    @Override
    public synchronized void show(JsonNode operation) {
        System.out.println(ApiClient.json.writeValueAsString(operation));
        System.out.flush();
    }

    @Override
    public synchronized void log(String id, JsonNode line) {
        var document = ApiClient.json.createObjectNode().put("operation_id", id);
        document.set("log", line);
        System.out.println(ApiClient.json.writeValueAsString(document));
        System.out.flush();
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
