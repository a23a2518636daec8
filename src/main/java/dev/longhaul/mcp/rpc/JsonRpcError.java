package dev.longhaul.mcp.rpc;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// A request that is answered with a JSON-RPC error.
public class JsonRpcError extends RuntimeException {

    public static final int NOT_JSON = -32700;
    public static final int NO_REQUEST = -32600;
    public static final int NO_METHOD = -32601;
    public static final int BAD_PARAMS = -32602;
    public static final int INTERNAL = -32603;
    /// Only before 2026-07-28, which has BAD_PARAMS instead.
    public static final int NO_RESOURCE = -32002;
    public static final int HEADER_MISMATCH = -32020;
    public static final int MISSING_CAPABILITY = -32021;
    public static final int UNSUPPORTED_VERSION = -32022;

    private final HttpStatus status;
    private final int code;
    private final @Nullable JsonNode data;

    public JsonRpcError(HttpStatus status, int code, String message) {
        this(status, code, message, null);
    }

    public JsonRpcError(HttpStatus status, int code, String message, @Nullable JsonNode data) {
        super(message);
        this.status = status;
        this.code = code;
        this.data = data;
    }

    /// Invalid parameters.
    public static JsonRpcError params(String message) {
        return new JsonRpcError(HttpStatus.OK, BAD_PARAMS, message);
    }

    public static JsonRpcError header(String message) {
        return new JsonRpcError(HttpStatus.BAD_REQUEST, HEADER_MISMATCH, message);
    }

    public static JsonRpcError version(String asked, List<String> spoken) {
        var data = JsonNodeFactory.instance.objectNode().put("requested", asked);
        spoken.forEach(data.putArray("supported")::add);
        return new JsonRpcError(HttpStatus.BAD_REQUEST, UNSUPPORTED_VERSION, "the protocol version must be one of "
                + String.join(", ", spoken), data);
    }

    /// @param capabilities declaration of the required ones
    public static JsonRpcError capability(String message, JsonNode capabilities) {
        return new JsonRpcError(HttpStatus.BAD_REQUEST, MISSING_CAPABILITY, message,
                JsonNodeFactory.instance.objectNode().set("requiredCapabilities", capabilities));
    }

    public HttpStatus status() {
        return status;
    }

    public int code() {
        return code;
    }

    public @Nullable JsonNode data() {
        return data;
    }
}
