package dev.longhaul.client;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/// Starts and finds operations: `new LonghaulClient(uri).start("csv_import", input).join(Result.class)`. Thread-safe.
public final class LonghaulClient {

    static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    /// Too many requests, or the service is unavailable; other statuses are answers.
    private static final Set<Integer> RETRYABLE = Set.of(429, 502, 503, 504);

    private final String service;
    private final Duration retryTimeout;
    private final Duration silence;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5)).build();
    private final JsonMapper json = JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    /// Retries an unavailable service for one minute.
    ///
    /// @param service e.g. `http://localhost:8081`
    public LonghaulClient(URI service) {
        this(service, Duration.ofMinutes(1));
    }

    /// @param retryTimeout how long a call retries an unavailable service
    public LonghaulClient(URI service, Duration retryTimeout) {
        this(service, retryTimeout, Duration.ofSeconds(45));
    }

    /// @param silence longest time between two lines of a stream, longer than the service's heartbeat
    LonghaulClient(URI service, Duration retryTimeout, Duration silence) {
        this.service = service.toString().replaceFirst("/+$", "");
        this.retryTimeout = retryTimeout;
        this.silence = silence;
    }

    /// @param input a record, a map, or anything else that Jackson writes as an object; record components become
    ///     snake_case
    /// @throws RequestRejected if the service rejects it
    /// @throws IOException     if the service is unavailable
    public RunningOperation start(String type, Object input) throws IOException, InterruptedException {
        return start(type, input, UUID.randomUUID().toString());
    }

    /// @param key idempotency key, 1 to 200 ASCII characters: for 24 hours the same key with the same type and input
    ///     returns the existing operation
    /// @throws RequestRejected if the service rejects it
    /// @throws IOException     if the service is unavailable
    public RunningOperation start(String type, Object input, String key) throws IOException, InterruptedException {
        var body = json.createObjectNode().put("type", type);
        body.set("input", json.valueToTree(input));
        var started = send(request("").header("Content-Type", "application/json")
                .header("Idempotency-Key", '"' + key.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .POST(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body))));
        return new RunningOperation(this, started.path("operation_id").asString());
    }

    /// @throws RequestRejected if there is no operation with this id
    /// @throws IOException     if the service is unavailable
    public RunningOperation find(String operationId) throws IOException, InterruptedException {
        return new RunningOperation(this, get(operationId).path("operation_id").asString());
    }

    JsonNode get(String id) throws IOException, InterruptedException {
        return send(request(path(id)));
    }

    HttpResponse<InputStream> stream(String id, @Nullable String lastEventId) throws IOException, InterruptedException {
        var request = request(path(id) + "/events").header("Accept", "text/event-stream");
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    }

    JsonMapper json() {
        return json;
    }

    Duration silence() {
        return silence;
    }

    static Duration longer(Duration pause) {
        var twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }

    private static String path(String id) {
        return "/" + URLEncoder.encode(id, StandardCharsets.UTF_8);
    }

    /// @param path below `/api/v1/operations`
    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(service + "/api/v1/operations" + path)).timeout(Duration.ofSeconds(30))
                .header("User-Agent", "longhaul-java");
    }

    /// Repeats the request while the service is unavailable: all requests of this class are idempotent.
    private JsonNode send(HttpRequest.Builder request) throws IOException, InterruptedException {
        var until = System.nanoTime() + retryTimeout.toNanos();
        for (var pause = FIRST_PAUSE; ; pause = longer(pause)) {
            try {
                var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() < 300) {
                    return json.readTree(answer.body());
                }
                var rejection = RequestRejected.of(answer.statusCode(), answer.body(), json);
                if (!RETRYABLE.contains(answer.statusCode())) {
                    throw rejection;
                }
                throw new IOException(service + " answered " + answer.statusCode(), rejection);
            } catch (IOException unavailable) {
                if (System.nanoTime() > until) {
                    throw unavailable;
                }
            }
            Thread.sleep(pause);
        }
    }
}
