package dev.longhaul.mcp;

import dev.longhaul.mcp.rpc.JsonRpcError;
import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import dev.longhaul.web.StrictJson;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import tools.jackson.databind.JsonNode;

/// Parses a request as JSON; refusals are JSON-RPC errors.
final class RequestReader {

    private RequestReader() {
    }

    static JsonNode read(HttpServletRequest request) throws IOException {
        try {
            return StrictJson.read(request, StrictJson.USUAL_LIMIT);
        } catch (Problem problem) {
            throw new JsonRpcError(problem.kind().status(), problem.kind() == ProblemKind.MALFORMED_JSON
                    ? JsonRpcError.NOT_JSON : JsonRpcError.NO_REQUEST,
                    String.valueOf(problem.getMessage()));
        }
    }
}
