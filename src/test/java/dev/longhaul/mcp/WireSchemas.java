package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.longhaul.mcp.rpc.ProtocolRevision;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// The protocol's own JSON Schemas, without their prose: what a server may send.
public final class WireSchemas {

    private static final JsonMapper json = new JsonMapper();
    /// What a client that names no revision is answered by.
    private static final String PLAIN = "2025-11-25";
    private static final SchemaRegistry registry =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);
    private static final Map<String, Schema> schemas = new ConcurrentHashMap<>();

    private static final Map<String, String> RESULTS = Map.ofEntries(
            Map.entry("initialize", "InitializeResult"), Map.entry("ping", "EmptyResult"),
            Map.entry("server/discover", "DiscoverResult"),
            Map.entry("tools/list", "ListToolsResult"), Map.entry("tools/call", "CallToolResult"),
            Map.entry("resources/list", "ListResourcesResult"),
            Map.entry("resources/templates/list", "ListResourceTemplatesResult"),
            Map.entry("resources/read", "ReadResourceResult"),
            Map.entry("prompts/list", "ListPromptsResult"), Map.entry("prompts/get", "GetPromptResult"),
            Map.entry("completion/complete", "CompleteResult"),
            Map.entry("logging/setLevel", "EmptyResult"), Map.entry("resources/subscribe", "EmptyResult"),
            Map.entry("resources/unsubscribe", "EmptyResult"),
            Map.entry("subscriptions/listen", "SubscriptionsListenResult"));

    private static final Map<String, String> NOTIFICATIONS = Map.of(
            "notifications/progress", "ProgressNotification", "notifications/message", "LoggingMessageNotification",
            "notifications/resources/updated", "ResourceUpdatedNotification", "notifications/tools/list_changed",
            "ToolListChangedNotification",
            "notifications/prompts/list_changed", "PromptListChangedNotification",
            "notifications/resources/list_changed", "ResourceListChangedNotification",
            "notifications/subscriptions/acknowledged", "SubscriptionsAcknowledgedNotification");

    private WireSchemas() {
    }

    /// Holds what came over HTTP against the revision that the client named, or the newest with a handshake.
    ///
    /// @param request as it was sent, which may be anything
    /// @param named   by the client; null: none
    public static void requireValid(byte[] request, @Nullable String named, HttpResponse<String> response) {
        var type = response.headers().firstValue("Content-Type").orElse("");
        if (type.startsWith("application/json")) {
            requireValid(request, named, json.readTree(response.body()));
        } else if (type.startsWith("text/event-stream")) {
            response.body().lines().filter(line -> line.startsWith("data: "))
                    .forEach(line -> requireValid(request, named, json.readTree(line.substring(6))));
        }
    }

    private static void requireValid(byte[] request, @Nullable String named, JsonNode message) {
        if (named != null && ProtocolRevision.find(named).isPresent()) {
            requireValid(named, method(request), message);
        } else {
            requireValid(message.at("/result/protocolVersion").asString(PLAIN), method(request), withId("", message));
        }
    }

    private static String method(byte[] request) {
        try {
            return json.readTree(request).path("method").asString("");
        } catch (JacksonException unreadable) {
            return "";   // whose answer is an error
        }
    }

    /// @param revision as the client named it
    /// @param method   of the request that a result answers
    static void requireValid(String revision, String method, JsonNode message) {
        if (message.isArray()) {
            require(revision, "JSONRPCBatchResponse", message);
            message.forEach(one -> requireValid(revision, method, one));
            return;
        }
        require(revision, "JSONRPCMessage", withId(revision, message));
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

    /// The schemas before 2025-11-25 have no form for an error whose request has no id that can be read; JSON-RPC 2.0
    /// has: null.
    private static JsonNode withId(String revision, JsonNode message) {
        var isNamelessError = message.has("error") && message.path("id").isNull()
                && revision.compareTo("2025-11-25") < 0;
        return isNamelessError ? ((ObjectNode) message.deepCopy()).put("id", 0) : message;
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
        assertThat(schemas.computeIfAbsent(file + " " + definition, _ -> schema(file, definition)).validate(message))
                .as("%s of %s: %s", definition, file, message).isEmpty();
    }

    private static Schema schema(String file, String definition) {
        try (var stream = WireSchemas.class.getResourceAsStream("/mcp/" + file + ".schema.json")) {
            var whole = (ObjectNode) json.readTree(stream);
            whole.remove("$id");
            return registry.getSchema(whole.put("$ref", (whole.has("$defs") ? "#/$defs/" : "#/definitions/")
                    + definition));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
