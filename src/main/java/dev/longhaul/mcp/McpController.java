package dev.longhaul.mcp;

import dev.longhaul.dialect.JsonLine;
import dev.longhaul.operation.Caller;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.HttpStatus;
import org.springframework.http.InvalidMediaTypeException;
import org.springframework.http.MediaType;
import org.springframework.transaction.CannotCreateTransactionException;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// HTTP in, JSON-RPC out. Reads and writes the bytes itself: what the framework would make of half of the bad inputs is a 500.
@RestController
class McpController {

    private static final Logger log = LoggerFactory.getLogger(McpController.class);

    private final Methods methods;
    private final JsonLine json;

    McpController(Methods methods, JsonLine json) {
        this.methods = methods;
        this.json = json;
    }

    /// One JSON-RPC request. 200: its result, or an error of its parameters; 202: it was a notification; 400: not JSON, or not JSON-RPC;
    /// 404: no such method; 413, 415: too large, not JSON; 503: the database is away.
    @PostMapping("/mcp")
    void post(HttpServletRequest request, HttpServletResponse response) throws IOException {
        JsonNode message = null;
        try {
            message = FrontDoor.read(request);
            var rpc = Request.parse(message);
            var revision = revision(request);
            if (rpc.id() == null) {
                response.setStatus(HttpServletResponse.SC_ACCEPTED);   // notifications tell us nothing that we would have to remember
                return;
            }
            var answer = answer(rpc.id());
            answer.set("result", methods.call(rpc, revision, new Caller("client " + request.getRemoteAddr(), "mcp", request.getHeader("traceparent"))));
            write(HttpStatus.OK, answer, request, response);
        } catch (Refused refused) {
            write(refused.status(), error(message, refused.code(), refused.getMessage()), request, response);
        } catch (DataAccessException | CannotCreateTransactionException away) {
            log.warn("answered 503: {}", away.getMessage());
            response.setHeader("Retry-After", "1");
            write(HttpStatus.SERVICE_UNAVAILABLE, error(message, Refused.INTERNAL, "the database is away; ask again in a moment"), request, response);
        } catch (RuntimeException unexpected) {
            log.error("a defect met while answering", unexpected);
            write(HttpStatus.INTERNAL_SERVER_ERROR, error(message, Refused.INTERNAL, "a defect of this service; its log says more"), request, response);
        }
    }

    /// @return null: the client says nothing, as the reference's clients
    private static @Nullable String revision(HttpServletRequest request) {
        var revision = request.getHeader("MCP-Protocol-Version");
        if (revision != null && !Methods.REVISIONS.contains(revision)) {
            throw new Refused(HttpStatus.BAD_REQUEST, Refused.UNSUPPORTED_VERSION,
                    "MCP-Protocol-Version must be one of " + String.join(", ", Methods.REVISIONS));
        }
        return revision;
    }

    private static ObjectNode answer(@Nullable JsonNode id) {
        return (ObjectNode) JsonNodeFactory.instance.objectNode().put("jsonrpc", "2.0").set("id", id);
    }

    private static ObjectNode error(@Nullable JsonNode message, int code, String text) {
        var answer = answer(message == null ? null : Request.idOf(message));
        answer.putObject("error").put("code", code).put("message", text);
        return answer;
    }

    private void write(HttpStatus status, ObjectNode answer, HttpServletRequest request, HttpServletResponse response) throws IOException {
        var text = json.of(answer);
        response.setStatus(status.value());
        response.setHeader("Cache-Control", "no-store");
        if (status == HttpStatus.OK && wantsEvents(request)) {
            response.setContentType("text/event-stream;charset=utf-8");
            text = "event: message\ndata: " + text + "\n\n";
        } else {
            response.setContentType("application/json");
        }
        response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    /// Most clients take both; JSON is simpler unless they prefer the other.
    private static boolean wantsEvents(HttpServletRequest request) {
        try {
            var accepted = MediaType.parseMediaTypes(request.getHeader("Accept"));
            return quality(accepted, MediaType.TEXT_EVENT_STREAM) > quality(accepted, MediaType.APPLICATION_JSON);
        } catch (InvalidMediaTypeException unreadable) {
            return false;
        }
    }

    private static double quality(List<MediaType> accepted, MediaType type) {
        return accepted.stream().filter(range -> range.includes(type)).mapToDouble(MediaType::getQualityValue).max().orElse(0);
    }
}
