package dev.longhaul.rest;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A caller of the API, as a script would be one.
final class RestClient {

    private static final JsonMapper json = new JsonMapper();
    private final HttpClient http = HttpClient.newHttpClient();
    private final URI service;

    RestClient(int port) {
        this.service = URI.create("http://127.0.0.1:" + port);
    }

    record Answer(int status, HttpResponse<String> response) {

        JsonNode json() {
            return RestClient.json.readTree(response.body());
        }

        String text(String pointer) {
            return json().at(pointer).asString();
        }

        @Nullable String header(String name) {
            return response.headers().firstValue(name).orElse(null);
        }

        /// Of a problem.
        String code() {
            return response.headers().firstValue("Content-Type").orElse("").startsWith("application/problem+json")
                    ? text("/code") : "no problem: " + response.body();
        }
    }

    Answer get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, null, headers);
    }

    Answer post(String path, @Nullable String body, String... headers) throws IOException, InterruptedException {
        return send("POST", path, body, headers);
    }

    Answer send(String method, String path, @Nullable String body, String... headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(service.resolve(path)).timeout(Duration.ofSeconds(60))
                .method(method, body == null
                        ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        var built = request.build();
        if (body != null && built.headers().firstValue("Content-Type").isEmpty()) {
            request.header("Content-Type", "application/json");
        }
        var response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), response);
    }

    /// Opens an event stream and hangs up.
    ///
    /// @return status and media type
    String streams(String path) throws IOException, InterruptedException {
        var response = http.send(HttpRequest.newBuilder(service.resolve(path)).timeout(Duration.ofSeconds(60)).build(),
                HttpResponse.BodyHandlers.ofInputStream());
        response.body().close();
        return response.statusCode() + " " + response.headers().firstValue("Content-Type").orElse("")
                .replaceFirst(";.*", "");
    }

    /// @return the id of a simulation that waits in this queue until it is resumed
    String submit(String queue, String more) throws IOException, InterruptedException {
        var answer =
                post("/api/v1/operations",
                "{\"type\": \"simulation\", \"queue\": \"%s\", \"input\": {\"duration_seconds\": 0, \"steps\": 1}%s}"
                .formatted(queue, more));
        if (answer.status() != 202) {
            throw new IllegalStateException(answer.response().body());
        }
        return answer.text("/operation_id");
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
