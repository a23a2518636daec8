package dev.longhaul.mcp.resources;

import dev.longhaul.tool.Contents;
import dev.longhaul.tool.Resource;
import dev.longhaul.tool.ResourceType;
import dev.longhaul.tool.ToolCall;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.json.JsonMapper;

/// All queues.
@ResourceType(uri = "longhaul://queues", name = "queues", title = "Queues", mimeType = "application/json",
        description =
                "Every queue with its numbers of pending, running and waiting operations, its pause, and the time "
                + "since its oldest operation is ready.")
class QueuesResource implements Resource {

    private final QueueCounts queues;
    private final JsonMapper json;

    QueuesResource(QueueCounts queues, JsonMapper json) {
        this.queues = queues;
        this.json = json;
    }

    @Override
    public Optional<Contents> read(String uri, Map<String, String> variables, ToolCall call) {
        return Optional.of(Contents.text(uri, "application/json",
                json.writeValueAsString(Map.of("queues", queues.count()))));
    }
}
