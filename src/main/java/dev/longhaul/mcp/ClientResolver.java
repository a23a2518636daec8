package dev.longhaul.mcp;

import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.HeaderValue;
import dev.longhaul.mcp.rpc.JsonRpcError;
import dev.longhaul.mcp.rpc.JsonRpcMessage;
import dev.longhaul.mcp.rpc.McpExchange;
import dev.longhaul.mcp.rpc.ProtocolRevision;
import dev.longhaul.mcp.rpc.SessionProtocol;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Text;
import dev.longhaul.tool.ToolCall.Level;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.databind.node.ObjectNode;

/// Identifies the client of a request: by metadata in the request (2026-07-28), by a session or a revision in the
/// headers ([SessionProtocol]), or as one of the reference interface's clients, which send neither.
@Component
class ClientResolver {

    private static final String VERSION = "io.modelcontextprotocol/protocolVersion";
    private static final String CAPABILITIES = "io.modelcontextprotocol/clientCapabilities";
    private static final String LOG_LEVEL = "io.modelcontextprotocol/logLevel";

    private final ObjectProvider<SessionProtocol> sessions;

    ClientResolver(ObjectProvider<SessionProtocol> sessions) {
        this.sessions = sessions;
    }

    ClientProfile of(JsonRpcMessage.Request request, McpExchange exchange, Caller caller) {
        var named = exchange.header("MCP-Protocol-Version");
        var revision = ProtocolRevision.find(named);
        var meta = request.meta();
        if (meta.has(VERSION) || revision.filter(ProtocolRevision.V2026_07_28::equals).isPresent()) {
            return modern(request, meta, named, exchange, caller);
        }
        if (!named.isEmpty() && revision.isEmpty()) {
            throw JsonRpcError.version(named, ProtocolRevision.words());
        }
        return other(request.method().equals("initialize"), revision.orElse(null), exchange, caller);
    }

    /// The client of a notification or a response, which have no metadata.
    ClientProfile of(McpExchange exchange, Caller caller) {
        return other(false, ProtocolRevision.find(exchange.header("MCP-Protocol-Version")).orElse(null), exchange,
                caller);
    }

    private ClientProfile other(boolean initializes, @Nullable ProtocolRevision named, McpExchange exchange,
            Caller caller) {
        var protocol = sessions.getIfAvailable();
        return protocol == null ? new ClientProfile(named, Set.of(), null, caller, null, exchange.origin())
                : protocol.client(initializes, named, exchange, caller);
    }

    private static ClientProfile modern(JsonRpcMessage.Request request, ObjectNode meta, String named,
            McpExchange exchange, Caller caller) {
        if (!meta.path(VERSION).isString() || !meta.path(CAPABILITIES).isObject()) {
            throw new JsonRpcError(HttpStatus.BAD_REQUEST, JsonRpcError.BAD_PARAMS, "params._meta must have " + VERSION
                    + ", a text, and " + CAPABILITIES + ", an object");
        }
        var version = meta.path(VERSION).asString();
        if (!named.equals(version)) {
            throw JsonRpcError.header("MCP-Protocol-Version must be there and the same as " + VERSION);
        }
        if (!version.equals(ProtocolRevision.V2026_07_28.word())) {
            throw JsonRpcError.version(version, ProtocolRevision.words());
        }
        checkMirrors(request, exchange);
        return new ClientProfile(ProtocolRevision.V2026_07_28, ClientProfile.capabilities(meta.path(CAPABILITIES),
                ProtocolRevision.V2026_07_28), null, caller, logLevel(meta), exchange.origin());
    }

    /// A proxy that routes by the headers must see the same as this service.
    private static void checkMirrors(JsonRpcMessage.Request request, McpExchange exchange) {
        if (!exchange.header("Mcp-Method").equals(request.method())) {
            throw JsonRpcError.header("Mcp-Method must be there and the same as the request's method");
        }
        var source = switch (request.method()) {
            case "tools/call", "prompts/get" -> "name";
            case "resources/read" -> "uri";
            case "tasks/get", "tasks/update", "tasks/cancel" -> "taskId";
            default -> null;
        };
        if (source != null && request.params().path(source).isString()
                && !HeaderValue.of("Mcp-Name", exchange.header("Mcp-Name"))
                .equals(Optional.of(request.params().path(source).asString()))) {
            throw JsonRpcError.header("Mcp-Name must be there and the same as params." + source);
        }
    }

    private static @Nullable Level logLevel(ObjectNode meta) {
        if (!meta.has(LOG_LEVEL)) {
            return null;
        }
        var word = meta.path(LOG_LEVEL).asString("");
        return Arrays.stream(Level.values()).filter(level -> level.word().equals(word)).findAny()
                .orElseThrow(() -> JsonRpcError.params(LOG_LEVEL + " is not a level: " + Text.quoted(word)));
    }
}
