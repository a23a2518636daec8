package dev.longhaul.client;

import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// The service rejected a request; the message names each invalid place and what was expected.
public class RequestRejected extends RuntimeException {

    private final int status;
    private final String code;

    private RequestRejected(int status, String code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    /// @param body a problem document, or anything else such as the page of a proxy
    static RequestRejected of(int status, String body, JsonMapper json) {
        var problem = parsed(body, json);
        var places = problem.path("errors").valueStream().map(place -> "\n  " + place.path("pointer").asString("") + " "
                + place.path("detail").asString(""))
                .collect(Collectors.joining());
        return new RequestRejected(status, problem.path("code").asString("http-" + status),
                problem.path("detail").asString("the service answered HTTP " + status) + places);
    }

    private static JsonNode parsed(String body, JsonMapper json) {
        try {
            return json.readTree(body);
        } catch (JacksonException other) {
            return JsonNodeFactory.instance.missingNode();
        }
    }

    /// The HTTP status.
    public int status() {
        return status;
    }

    /// The problem's code, e.g. `unknown-type`; the service explains it at `/problems/{code}`.
    public String code() {
        return code;
    }
}
