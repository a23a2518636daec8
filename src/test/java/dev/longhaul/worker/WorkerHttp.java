package dev.longhaul.worker;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// HTTP requests of a remote worker.
record WorkerHttp(URI service) {

    private static final HttpClient client = HttpClient.newHttpClient();
    private static final JsonMapper json = new JsonMapper();

    record Answer(int status, JsonNode body) {

        String code() {
            return body.path("code").asString("no problem: " + status + " " + body);
        }
    }

    Answer post(String path, Object body) throws IOException, InterruptedException {
        return send("POST", path, body instanceof String text ? text : json.writeValueAsString(body));
    }

    Answer get(String path) throws IOException, InterruptedException {
        return send("GET", path, null);
    }

    Answer send(String method, String path, @Nullable String body, String... headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(service.resolve(path)).timeout(Duration.ofSeconds(90))
                .header("Content-Type", "application/json")
                .method(method, body == null
                        ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        var response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body().isEmpty()
                ? JsonNodeFactory.instance.nullNode() : json.readTree(response.body()));
    }

    /// Requests of one run.
    record Run(WorkerHttp http, JsonNode claim) {

        String id() {
            return claim.path("operation_id").asString();
        }

        String runId() {
            return claim.path("run_id").asString();
        }

        Answer say(String verb, Map<String, ?> words) throws IOException, InterruptedException {
            var body = json.createObjectNode().put("run_id", runId());
            words.forEach((name, value) -> body.set(name, json.valueToTree(value)));
            return http.post("/api/v1/operations/" + id() + "/run:" + verb, body);
        }
    }
}
