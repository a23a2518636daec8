package dev.longhaul.mcp.rpc;

import dev.longhaul.operation.Caller;
import dev.longhaul.tool.Capability;
import dev.longhaul.tool.ToolCall.Level;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// The client of a request, as far as the request identifies it.
///
/// @param revision null: none named, as by the reference interface's clients
/// @param can      capabilities declared for this request or in the handshake
/// @param session  of a revision with sessions; null: none
/// @param logLevel lowest level of log messages that it wants; null: none
/// @param origin   of this service in its request, e.g. `http://localhost:8081`
public record ClientProfile(@Nullable ProtocolRevision revision, Set<Capability> can, @Nullable ClientSession session,
        Caller caller, @Nullable Level logLevel, String origin) {

    public boolean isPlain() {
        return revision == null;
    }

    public boolean isModern() {
        return revision == ProtocolRevision.V2026_07_28;
    }

    public boolean speaks(ProtocolRevision least) {
        return revision != null && revision.isAtLeast(least);
    }

    /// In revisions with sessions a 404 means that the session has ended, so the status is 200.
    public JsonRpcError noMethod(String message) {
        return new JsonRpcError(isPlain() || isModern() ? HttpStatus.NOT_FOUND : HttpStatus.OK, JsonRpcError.NO_METHOD,
                message);
    }

    /// @param declared the protocol's `ClientCapabilities`
    /// @param revision capabilities that it does not have count as not declared
    public static Set<Capability> capabilities(JsonNode declared, ProtocolRevision revision) {
        var can = EnumSet.noneOf(Capability.class);
        if (revision.isAtLeast(ProtocolRevision.V2025_06_18) && declared.path("elicitation")
                instanceof ObjectNode elicitation) {
            if (elicitation.isEmpty() || elicitation.has("form")) {
                can.add(Capability.ELICITATION);
            }
            if (revision.isAtLeast(ProtocolRevision.V2025_11_25) && elicitation.has("url")) {
                can.add(Capability.URL_ELICITATION);
            }
        }
        if (declared.path("sampling").isObject()) {
            can.add(Capability.SAMPLING);
        }
        if (declared.path("roots").isObject()) {
            can.add(Capability.ROOTS);
        }
        if (declared.at("/extensions/io.modelcontextprotocol~1tasks").isObject()) {
            can.add(Capability.TASKS);
        }
        return can;
    }

    /// The declaration of a capability.
    public static ObjectNode declared(Capability capability, ObjectNode capabilities) {
        switch (capability) {
            case ELICITATION -> capabilities.putObject("elicitation");
            case URL_ELICITATION -> capabilities.putObject("elicitation").putObject("url");
            case SAMPLING -> capabilities.putObject("sampling");
            case ROOTS -> capabilities.putObject("roots");
            case TASKS -> capabilities.putObject("extensions").putObject("io.modelcontextprotocol/tasks");
        }
        return capabilities;
    }
}
