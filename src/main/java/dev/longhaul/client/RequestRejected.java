package dev.longhaul.client;

import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// The service refused what was asked for; the message says what it expected, at every place that did not fit.
public class RequestRejected extends RuntimeException {

    private final int status;
    private final String code;

    private RequestRejected(int status, String code, String message) {
        super(message);
        this.status = status;
        this.code = code;
    }

    /// @param body a problem document, or anything else, e.g. the page of a proxy
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

    /// HTTP's.
    public int status() {
        return status;
    }

    /// The kind of the problem, e.g. `unknown-type`; `/problems/{code}` of the service explains it.
    public String code() {
        return code;
    }
}
