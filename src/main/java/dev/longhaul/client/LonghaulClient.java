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

/// Starts operations and finds them again, e.g. `new
/// LonghaulClient(URI.create("http://localhost:8081")).start("csv_import", input).join(Result.class)`. Threads may
/// share one.
public final class LonghaulClient {

    static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    /// The service, or a proxy before it, is away; the others are answers.
    private static final Set<Integer> AWAY = Set.of(429, 502, 503, 504);

    private final String service;
    private final Duration patience;
    private final Duration silence;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5)).build();
    private final JsonMapper json = JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    /// Asks a service that is away for a minute before a call fails.
    ///
    /// @param service e.g. `http://localhost:8081`
    public LonghaulClient(URI service) {
        this(service, Duration.ofMinutes(1));
    }

    /// @param patience how long a service that is away is asked again before a call fails
    public LonghaulClient(URI service, Duration patience) {
        this(service, patience, Duration.ofSeconds(45));
    }

    /// @param silence longer than the service's heartbeat: a stream that says nothing for so long is dead
    LonghaulClient(URI service, Duration patience, Duration silence) {
        this.service = service.toString().replaceFirst("/+$", "");
        this.patience = patience;
        this.silence = silence;
    }

    /// @param input of the task: a record, a map, or anything else that Jackson writes as an object; names of
    ///     components become snake_case
    /// @throws Refused     if the service does not take it
    /// @throws IOException if the service is away
    public RunningOperation start(String type, Object input) throws IOException, InterruptedException {
        return start(type, input, UUID.randomUUID().toString());
    }

    /// @param key for 24 hours the same key with the same type and input gives the operation that is there already; 1
    ///     to 200 characters of ASCII
    /// @throws Refused     if the service does not take it
    /// @throws IOException if the service is away
    public RunningOperation start(String type, Object input, String key) throws IOException, InterruptedException {
        var body = json.createObjectNode().put("type", type);
        body.set("input", json.valueToTree(input));
        var started = ask(request("").header("Content-Type", "application/json")
                .header("Idempotency-Key", '"' + key.replace("\\", "\\\\").replace("\"", "\\\"") + '"')
                .POST(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body))));
        return new RunningOperation(this, started.path("operation_id").asString());
    }

    /// An operation that was started before, by whomever.
    ///
    /// @throws Refused     if there is none
    /// @throws IOException if the service is away
    public RunningOperation find(String operationId) throws IOException, InterruptedException {
        return new RunningOperation(this, get(operationId).path("operation_id").asString());
    }

    JsonNode get(String id) throws IOException, InterruptedException {
        return ask(request(path(id)));
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

    /// @param path below that of the operations
    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(service + "/api/v1/operations" + path)).timeout(Duration.ofSeconds(30))
                .header("User-Agent", "longhaul-java");
    }

    /// Again and again while the service is away: every request here bears repetition.
    private JsonNode ask(HttpRequest.Builder request) throws IOException, InterruptedException {
        var until = System.nanoTime() + patience.toNanos();
        for (var pause = FIRST_PAUSE; ; pause = longer(pause)) {
            try {
                var answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
                if (answer.statusCode() < 300) {
                    return json.readTree(answer.body());
                }
                if (!AWAY.contains(answer.statusCode()) || System.nanoTime() > until) {
                    throw RequestRejected.of(answer.statusCode(), answer.body(), json);
                }
            } catch (IOException away) {
                if (System.nanoTime() > until) {
                    throw away;
                }
            }
            Thread.sleep(pause);
        }
    }
}
