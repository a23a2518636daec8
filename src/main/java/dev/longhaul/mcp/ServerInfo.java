package dev.longhaul.mcp;

import dev.longhaul.mcp.rpc.ProtocolRevision;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Name, version, capabilities and instructions of this server.
@Component
public class ServerInfo {

    private static final String INSTRUCTIONS = """
            Starts and follows long-running operations. Every task of this service is a tool: call it, and if the \
            result has "next", do that. start_long_task starts any task and returns an operation_id at once. Keep \
            operation_ids: an operation continues through restarts and lost connections, and any client may read it \
            later. Let a person answer the input requests of operations.""";

    private final JsonMapper json;
    private final String version;

    ServerInfo(JsonMapper json, ObjectProvider<BuildProperties> build) {
        this.json = json;
        this.version = build.stream().map(BuildProperties::getVersion).findAny().orElse("dev");
    }

    /// As in `/actuator/info`.
    String version() {
        return version;
    }

    ObjectNode discover() {
        var result = json.createObjectNode();
        ProtocolRevision.words().forEach(result.putArray("supportedVersions")::add);
        var capabilities = capabilities();
        capabilities.putObject("extensions").putObject("io.modelcontextprotocol/tasks");
        result.set("capabilities", capabilities);
        return result.put("instructions", INSTRUCTIONS).put("ttlMs", 60_000).put("cacheScope", "public");
    }

    public ObjectNode capabilities() {
        var capabilities = json.createObjectNode();
        capabilities.putObject("tools").put("listChanged", true);
        capabilities.putObject("resources").put("subscribe", true).put("listChanged", true);
        capabilities.putObject("prompts").put("listChanged", true);
        capabilities.putObject("completions");
        return capabilities;
    }

    /// Adds name, version and instructions to the result of a handshake.
    public ObjectNode introduced(ObjectNode result) {
        result.set("serverInfo", self());
        return result.put("instructions", INSTRUCTIONS);
    }

    /// Adds name and version to the metadata of a result.
    void sign(ObjectNode result) {
        result.withObject("_meta").set("io.modelcontextprotocol/serverInfo", self());
    }

    private ObjectNode self() {
        return json.createObjectNode().put("name", "longhaul").put("title", "Longhaul").put("version", version);
    }
}
