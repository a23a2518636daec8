package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The protocol's own JSON Schemas, without their prose: what a server may send.
final class WireSchemas {

    private static final JsonMapper json = new JsonMapper();
    private static final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private static final Map<String, Schema> schemas = new ConcurrentHashMap<>();

    private static final Map<String, String> RESULTS = Map.ofEntries(
            Map.entry("initialize", "InitializeResult"), Map.entry("ping", "EmptyResult"), Map.entry("server/discover", "DiscoverResult"),
            Map.entry("tools/list", "ListToolsResult"), Map.entry("tools/call", "CallToolResult"), Map.entry("resources/list", "ListResourcesResult"),
            Map.entry("resources/templates/list", "ListResourceTemplatesResult"), Map.entry("resources/read", "ReadResourceResult"),
            Map.entry("prompts/list", "ListPromptsResult"), Map.entry("prompts/get", "GetPromptResult"), Map.entry("completion/complete", "CompleteResult"),
            Map.entry("logging/setLevel", "EmptyResult"), Map.entry("resources/subscribe", "EmptyResult"), Map.entry("resources/unsubscribe", "EmptyResult"),
            Map.entry("subscriptions/listen", "SubscriptionsListenResult"));

    private static final Map<String, String> NOTIFICATIONS = Map.of(
            "notifications/progress", "ProgressNotification", "notifications/message", "LoggingMessageNotification",
            "notifications/resources/updated", "ResourceUpdatedNotification", "notifications/tools/list_changed", "ToolListChangedNotification",
            "notifications/prompts/list_changed", "PromptListChangedNotification", "notifications/resources/list_changed", "ResourceListChangedNotification",
            "notifications/subscriptions/acknowledged", "SubscriptionsAcknowledgedNotification");

    private WireSchemas() {
    }

    /// @param revision 2025-06-18 or later
    /// @param method   of the request that a result answers
    static void requireValid(String revision, String method, JsonNode message) {
        require(revision, "JSONRPCMessage", message);
        if (message.has("result")) {
            requireResult(revision, method, message.get("result"));
        } else if (message.path("method").asString("").equals("notifications/tasks")) {
            require("ext-tasks", "TaskStatusNotification", message);
        } else if (message.path("method").asString("").equals("elicitation/create")) {
            require(revision, "ElicitRequest", message);
        } else if (message.has("method")) {
            require(revision, NOTIFICATIONS.get(message.get("method").asString()), message);
        }
    }

    private static void requireResult(String revision, String method, JsonNode result) {
        var kind = result.path("resultType").asString("complete");
        if (kind.equals("task")) {
            require("ext-tasks", "CreateTaskResult", result);
        } else if (kind.equals("input_required")) {
            require(revision, "InputRequiredResult", result);
        } else if (method.startsWith("tasks/")) {
            requireTaskResult(revision, method, result);
        } else if (method.equals("tools/call") && result.has("task")) {
            require(revision, "CreateTaskResult", result);
        } else {
            require(revision, RESULTS.get(method), result);
        }
    }

    private static void requireTaskResult(String revision, String method, JsonNode result) {
        var isOld = revision.equals("2025-11-25");
        require(isOld ? revision : "ext-tasks", switch (method) {
            case "tasks/get" -> "GetTaskResult";
            case "tasks/update" -> "UpdateTaskResult";
            case "tasks/cancel" -> "CancelTaskResult";
            case "tasks/result" -> "CallToolResult";
            case "tasks/list" -> "ListTasksResult";
            default -> throw new IllegalArgumentException(method);
        }, result);
    }

    private static void require(String file, @Nullable String definition, JsonNode message) {
        assertThat(definition).as("a definition for %s", message).isNotNull();
        assertThat(schemas.computeIfAbsent(file + " " + definition, _ -> schema(file, definition)).validate(message)).as("%s of %s: %s", definition, file, message).isEmpty();
    }

    private static Schema schema(String file, String definition) {
        try (var stream = WireSchemas.class.getResourceAsStream("/mcp/" + file + ".schema.json")) {
            var whole = (ObjectNode) json.readTree(stream);
            whole.remove("$id");
            return registry.getSchema(whole.put("$ref", (whole.has("$defs") ? "#/$defs/" : "#/definitions/") + definition));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
