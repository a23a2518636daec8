package dev.longhaul.mcp.rpc;

import dev.longhaul.operation.StorableJson;
import dev.longhaul.operation.Text;
import dev.longhaul.tool.InputRequired;
import dev.longhaul.tool.MissingCapability;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Requests of several rounds: the input requests, and the state that the client returns, signed for its request.
@Component
public class InputRounds {

    private static final Duration LIFE = Duration.ofDays(1);

    private final StateSigner seals;
    private final ObjectProvider<SessionProtocol> sessions;
    private final JsonMapper json;

    InputRounds(StateSigner seals, ObjectProvider<SessionProtocol> sessions, JsonMapper json) {
        this.seals = seals;
        this.sessions = sessions;
        this.json = json;
    }

    /// The subject of a state, which is refused with another request.
    public static String subject(String method, String name, JsonNode arguments) {
        try {
            var digest = MessageDigest.getInstance("SHA-256")
                    .digest(arguments.toString().getBytes(StandardCharsets.UTF_8));
            return method + " " + name + " " + HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// The `InputRequiredResult`.
    ///
    /// @param state null: none
    public ObjectNode required(ObjectNode inputRequests, String subject, @Nullable JsonNode state) {
        var result = json.createObjectNode().put("resultType", "input_required");
        if (!inputRequests.isEmpty()) {
            result.set("inputRequests", inputRequests);
        }
        if (state != null || inputRequests.isEmpty()) {
            var sealed = json.createObjectNode().put("until", Instant.now().plus(LIFE).getEpochSecond());
            sealed.set("state", state == null ? json.nullNode() : state);
            result.put("requestState", seals.sealed(subject, json.writeValueAsString(sealed)));
        }
        return result;
    }

    /// The state of the previous round; null: none.
    public @Nullable JsonNode state(ObjectNode params, String subject) {
        if (!params.has("requestState")) {
            return null;
        }
        var state = Optional.of(params.path("requestState")).filter(JsonNode::isString)
                .flatMap(text -> seals.opened(subject, text.asString())).map(json::readTree)
                .filter(opened -> opened.path("until").asLong() >= Instant.now().getEpochSecond())
                .orElseThrow(() -> JsonRpcError.params("requestState does not belong to this request, or it is "
                        + "older than a day"));
        return state.path("state").isNull() ? null : state.path("state");
    }

    /// The client's answers in this round.
    public Map<String, JsonNode> answers(ObjectNode params) {
        var answers = new HashMap<String, JsonNode>();
        if (!params.has("inputResponses")) {
            return answers;
        }
        if (!params.path("inputResponses").isObject()) {
            throw JsonRpcError.params("inputResponses must be an object, with an answer for each key of inputRequests");
        }
        try {
            StorableJson.required("inputResponses", params.path("inputResponses"));
        } catch (IllegalArgumentException wrong) {
            throw JsonRpcError.params(wrong.getMessage());
        }
        params.path("inputResponses").forEachEntry((key, answer) -> {
            if (!answer.isObject()) {
                throw JsonRpcError.params("the answer to " + Text.quoted(key) + " must be an object");
            }
            answers.put(key, answer);
        });
        return answers;
    }

    /// The input requests of another round.
    ///
    /// @throws MissingCapability if the client has not declared a required capability
    public ObjectNode requests(InputRequired needs, ClientProfile client) {
        var requests = json.createObjectNode();
        needs.requests().forEach(request -> {
            require(request, client);
            requests.putObject(request.key()).put("method", request.method())
                    .set("params", withoutId(request.params()));
        });
        return requests;
    }

    /// In 2026-07-28 the key is the id of a page.
    private static ObjectNode withoutId(ObjectNode params) {
        var copy = params.deepCopy();
        copy.remove("elicitationId");
        return copy;
    }

    /// Asks a client of a revision with sessions by requests on its stream.
    ///
    /// @return the answers; empty: the client could not answer, or not in time
    /// @throws MissingCapability if the client has not declared a required capability
    public Optional<Map<String, JsonNode>> ask(InputRequired needs, ClientProfile client, McpExchange exchange)
            throws InterruptedException {
        needs.requests().forEach(request -> require(request, client));
        var protocol = sessions.getIfAvailable();
        return protocol == null ? Optional.empty() : protocol.ask(needs, client, exchange);
    }

    private static void require(InputRequired.Request request, ClientProfile client) {
        if (!client.can().contains(request.capability())) {
            throw new MissingCapability(request.capability());
        }
    }
}
