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

/// Who sends a request, as far as the request tells.
///
/// @param revision null: it names none, as the reference interface's clients
/// @param can      what it declares for this request, or declared in its handshake
/// @param session  of a handshake revision; null: it has none, or lost it
/// @param logLevel it wants to hear of what is as important as this; null: of nothing
/// @param origin   how it calls this service, e.g. `http://localhost:8081`
public record ClientProfile(@Nullable ProtocolRevision revision, Set<Capability> can, @Nullable Session session,
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

    /// In the revisions with a handshake a 404 would tell the client that its session has ended.
    public JsonRpcError noMethod(String message) {
        return new JsonRpcError(isPlain() || isModern() ? HttpStatus.NOT_FOUND : HttpStatus.OK, JsonRpcError.NO_METHOD,
                message);
    }

    /// @param declared the protocol's `ClientCapabilities`
    /// @param revision has no words for some of them: what it does not know counts as not declared
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

    /// As a client would declare it.
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
