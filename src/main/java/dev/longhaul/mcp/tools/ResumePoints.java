package dev.longhaul.mcp.tools;

import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.ProtocolRevision;
import dev.longhaul.mcp.rpc.StateSigner;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import java.time.Duration;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Places in the streams of calls that an operation carries: the event ids from which a client of a handshake revision
/// goes on, at any node. All there is to know is in the id, sealed to the session; nothing is kept.
@Component
class ResumePoints {

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final StateSigner seals;
    private final JsonMapper json;

    ResumePoints(StateSigner seals, JsonMapper json) {
        this.seals = seals;
        this.json = json;
    }

    /// @param requestId of the call, which the answer has to name
    /// @param token     of its progress; missing: it wants none
    record Place(OperationId operation, JsonNode requestId, JsonNode token) {}

    boolean isResumable(OperationCalls.CallScope now) {
        return !now.client().isModern() && now.client().session() != null && now.exchange().canStream();
    }

    /// Before 2025-11-25 an event without data was no event to clients.
    void prime(Operation operation, OperationCalls.CallScope now) {
        if (isResumable(now)) {
            now.call().resumable(at -> place(at, now));
            if (now.client().speaks(ProtocolRevision.V2025_11_25)) {
                now.exchange().prime(place(operation, now), RETRY);
            }
        }
    }

    private String place(Operation operation, OperationCalls.CallScope now) {
        var place = json.createObjectNode().put("operation", operation.id().toString())
                .put("version", operation.version());
        place.set("request", now.request().id());
        place.set("token", now.request().meta().path("progressToken"));
        return seals.sealed(purpose(now.client()), json.writeValueAsString(place));
    }

    private static String purpose(ClientProfile client) {
        return "place " + client.session().id();
    }

    /// Empty: this session was given no such place.
    Optional<Place> find(String eventId, ClientProfile client) {
        return seals.opened(purpose(client), eventId).map(json::readTree)
                .map(place -> new Place(OperationId.parse(place.path("operation").asString()), place.path("request"),
                        place.path("token")));
    }
}
