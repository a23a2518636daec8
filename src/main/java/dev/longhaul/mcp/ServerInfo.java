package dev.longhaul.mcp;

import dev.longhaul.mcp.rpc.JsonRpcError;
import dev.longhaul.mcp.rpc.ProtocolRevision;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Who we are and what we can do, for clients that ask first.
@Component
class ServerInfo {

    private static final String INSTRUCTIONS = """
            Starts and follows operations that outlive a request. Every task of this service is a tool: call it, and if the answer has a "next", do what it says. \
            start_long_task starts any of them and returns an operation_id at once. Keep operation_ids: an operation goes on through restarts and lost \
            connections, and any client may ask for it later. What an operation asks of a person, have a person answer.""";

    private final JsonMapper json;

    ServerInfo(JsonMapper json) {
        this.json = json;
    }

    static String version() {
        var version = ServerInfo.class.getPackage().getImplementationVersion();
        return version == null ? "dev" : version;
    }

    /// The handshake. What was agreed on goes into the session's id, and is remembered nowhere.
    ObjectNode initialize(ObjectNode params) {
        var agreed = agreed(params);
        var result = json.createObjectNode().put("protocolVersion", agreed.word());
        var capabilities = capabilities();
        capabilities.putObject("logging");
        if (agreed.isAtLeast(ProtocolRevision.V2025_11_25)) {
            var tasks = capabilities.putObject("tasks");
            tasks.putObject("list");
            tasks.putObject("cancel");
            tasks.putObject("requests").putObject("tools").putObject("call");
        }
        result.set("capabilities", capabilities);
        result.set("serverInfo", ourselves());
        return result.put("instructions", INSTRUCTIONS);
    }

    /// The newest with a handshake, for a client that asks for one we do not speak.
    static ProtocolRevision agreed(ObjectNode params) {
        if (!params.path("protocolVersion").isString()) {
            throw JsonRpcError.params("protocolVersion must be a string such as \""
                    + ProtocolRevision.V2025_11_25.word() + "\"");
        }
        return ProtocolRevision.find(params.path("protocolVersion").asString()).filter(ProtocolRevision::hasHandshake)
                .orElse(ProtocolRevision.V2025_11_25);
    }

    ObjectNode discover() {
        var result = json.createObjectNode();
        ProtocolRevision.words().forEach(result.putArray("supportedVersions")::add);
        var capabilities = capabilities();
        capabilities.putObject("extensions").putObject("io.modelcontextprotocol/tasks");
        result.set("capabilities", capabilities);
        return result.put("instructions", INSTRUCTIONS).put("ttlMs", 60_000).put("cacheScope", "public");
    }

    private ObjectNode capabilities() {
        var capabilities = json.createObjectNode();
        capabilities.putObject("tools").put("listChanged", true);
        capabilities.putObject("resources").put("subscribe", true).put("listChanged", true);
        capabilities.putObject("prompts").put("listChanged", true);
        capabilities.putObject("completions");
        return capabilities;
    }

    /// Says in a result who made it.
    void sign(ObjectNode result) {
        result.withObject("_meta").set("io.modelcontextprotocol/serverInfo", ourselves());
    }

    private ObjectNode ourselves() {
        return json.createObjectNode().put("name", "longhaul").put("title", "Longhaul").put("version", version());
    }
}
