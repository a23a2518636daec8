package dev.longhaul.mcp.rpc;

import dev.longhaul.tool.Capability;
import dev.longhaul.tool.ToolCall.Level;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a client of a handshake revision agreed on with this service, whichever node it meets.
///
/// @param token         as the client sends it
/// @param logLevel      what it set; null: nothing
/// @param subscriptions URIs of resources whose changes it wants to hear of
public record Session(UUID id, String token, ProtocolRevision revision, Set<Capability> can, @Nullable Level logLevel,
        Set<String> subscriptions) {}
