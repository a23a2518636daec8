package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.ProtocolRevision;
import dev.longhaul.mcp.rpc.StateSigner;
import dev.longhaul.mcp.tools.CallScope;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import java.time.Duration;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The event ids from which a client resumes the stream of a call, on any node. The id holds everything, signed for the
/// session; nothing is stored.
@Component
class ResumePoints {

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final StateSigner seals;
    private final JsonMapper json;

    ResumePoints(StateSigner seals, JsonMapper json) {
        this.seals = seals;
        this.json = json;
    }

    /// @param requestId of the call; the response needs it
    /// @param token     of its progress; missing: none
    record ResumePoint(OperationId operation, JsonNode requestId, JsonNode token) {}

    boolean isResumable(CallScope now) {
        return !now.client().isModern() && now.client().session() != null && now.exchange().canStream();
    }

    /// Clients before 2025-11-25 ignore an event without data.
    void prime(Operation operation, CallScope now) {
        if (isResumable(now)) {
            now.call().resumable(at -> place(at, now));
            if (now.client().speaks(ProtocolRevision.V2025_11_25)) {
                now.exchange().prime(place(operation, now), RETRY);
            }
        }
    }

    private String place(Operation operation, CallScope now) {
        var place = json.createObjectNode().put("operation", operation.id().toString())
                .put("version", operation.version());
        place.set("request", now.request().id());
        place.set("token", now.request().meta().path("progressToken"));
        return seals.sealed(purpose(now.client()), json.writeValueAsString(place));
    }

    private static String purpose(ClientProfile client) {
        return "place " + Session.of(client).id();
    }

    /// Empty: not an event id of this session.
    Optional<ResumePoint> find(String eventId, ClientProfile client) {
        return seals.opened(purpose(client), eventId).map(json::readTree)
                .map(place -> new ResumePoint(OperationId.parse(place.path("operation").asString()),
                        place.path("request"),
                        place.path("token")));
    }
}
