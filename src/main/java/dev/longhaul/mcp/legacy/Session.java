package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.ClientSession;
import dev.longhaul.mcp.rpc.ProtocolRevision;
import dev.longhaul.tool.Capability;
import dev.longhaul.tool.ToolCall.Level;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A session: what a client and this service agreed on in the handshake, on any node.
///
/// @param token         as the client sends it
/// @param logLevel      set by the client; null: not set
/// @param subscriptions URIs of resources
record Session(UUID id, String token, ProtocolRevision revision, Set<Capability> can, @Nullable Level logLevel,
        Set<String> subscriptions) implements ClientSession {

    /// @throws dev.longhaul.mcp.rpc.JsonRpcError if the client has none
    static Session of(ClientProfile client) {
        if (client.session() instanceof Session session) {
            return session;
        }
        throw client.noMethod("this needs a session: send initialize first, then its Mcp-Session-Id");
    }
}
