package dev.longhaul.cli;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// JSON over HTTP. HttpURLConnection is ready in 25 ms, the newer HttpClient in 250 ms: a command has 300 ms in all.
final class ApiClient {

    static final JsonMapper json = JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();
    static final String OPERATIONS = "/api/v1/operations";
    static final String WORKFLOWS = "/api/v1/workflows";
    static final int LARGEST_PAGE = 200;
    static final int ALL = Integer.MAX_VALUE;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    static {
        // it would repeat a submission without an idempotency key
        System.setProperty("sun.net.http.retryPost", "false");
    }

    private final URI service;
    private final @Nullable String token;

    ApiClient(URI service, @Nullable String token) {
        this.service = service;
        this.token = token;
    }

    URI service() {
        return service;
    }

    static String operation(String id) {
        return OPERATIONS + "/" + encoded(id);
    }

    /// @param query parameters; those without a value are left out
    static String path(String path, Map<String, ? extends @Nullable Object> query) {
        var parameters = query.entrySet().stream()
                .filter(one -> one.getValue() != null && !one.getValue().toString().isEmpty())
                .map(one -> one.getKey() + "=" + encoded(one.getValue().toString())).sorted()
                        .collect(Collectors.joining("&"));
        return parameters.isEmpty() ? path : path + "?" + parameters;
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    record Content(String type, byte[] bytes) {

        static Content of(JsonNode body) {
            return new Content("application/json", json.writeValueAsBytes(body));
        }
    }

    /// @param body null: none, or not JSON
    record Answer(int status, @Nullable JsonNode body, Map<String, String> headers) {}

    JsonNode get(String path) {
        return required(send("GET", path, Map.of(), null));
    }

    JsonNode post(String path, @Nullable JsonNode body) {
        return required(send("POST", path, Map.of(), body));
    }

    /// Reads pages until there are enough rows.
    ///
    /// @param member of a page that holds its rows
    /// @param limit  greatest number of rows; [#ALL]: the collection has no `page_size`
    List<JsonNode> list(String path, String member, Map<String, ? extends @Nullable Object> query, int limit) {
        var found = new ArrayList<JsonNode>();
        var asked = new HashMap<String, @Nullable Object>(query);
        do {
            asked.put("page_size", limit == ALL ? null : Math.min(LARGEST_PAGE, limit - found.size()));
            var page = get(path(path, asked));
            page.path(member).forEach(found::add);
            asked.put("page_token", page.path("next_page_token").asString(""));
        } while (!"".equals(asked.get("page_token")) && found.size() < limit);
        return found;
    }

    /// Uses the newer client: HttpURLConnection cannot send PATCH.
    JsonNode patch(String path, JsonNode changes, Map<String, String> headers) {
        var request = HttpRequest.newBuilder(URI.create(service + path)).timeout(TIMEOUT)
                .header("Content-Type", "application/merge-patch+json").header("Accept", "application/json")
                .header("User-Agent", agent())
                        .method("PATCH", HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(changes)));
        headers.forEach(request::header);
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try (var client = HttpClient.newHttpClient()) {
            var response = client.send(request.build(), HttpResponse.BodyHandlers.ofString());
            return required(new Answer(response.statusCode(), parsed(response.body()), Map.of()));
        } catch (IOException away) {
            throw CliError.unreachable(service.toString(), away);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new CliError(ExitCode.INTERRUPTED, "interrupted");
        }
    }

    private static String agent() {
        return "longhaul-cli/" + VersionCommand.version();
    }

    static JsonNode required(Answer answer) {
        if (answer.status() >= 300) {
            throw refused(answer);
        }
        return answer.body() == null ? json.createObjectNode() : answer.body();
    }

    Answer send(String method, String path, Map<String, String> headers, @Nullable JsonNode body) {
        return send(method, path, headers, body, TIMEOUT);
    }

    Answer send(String method, String path, Map<String, String> headers, @Nullable JsonNode body, Duration timeout) {
        return exchange(method, path, headers, body == null ? null : Content.of(body), timeout);
    }

    Answer exchange(String method, String path, Map<String, String> headers, @Nullable Content body,
            Duration timeout) {
        try {
            var exchange = open(method, path, timeout);
            headers.forEach(exchange::setRequestProperty);
            if (body != null) {
                write(exchange, body);
            }
            var status = exchange.getResponseCode();
            var text = read(exchange);
            return new Answer(status, parsed(text), exchange.getHeaderFields().entrySet().stream()
                    .filter(header -> header.getKey() != null)
                    .collect(Collectors.toMap(header -> header.getKey().toLowerCase(Locale.ROOT),
                            header -> header.getValue().getFirst(), (first, _) -> first)));
        } catch (IOException away) {
            throw CliError.unreachable(service.toString(), away);
        }
    }

    static void write(HttpURLConnection exchange, Content body) throws IOException {
        exchange.setDoOutput(true);
        exchange.setRequestProperty("Content-Type", body.type);
        exchange.setFixedLengthStreamingMode(body.bytes.length);
        try (var out = exchange.getOutputStream()) {
            out.write(body.bytes);
        }
    }

    /// @param silence longest time without a byte from the service
    HttpURLConnection open(String method, String path, Duration silence) throws IOException {
        var exchange = (HttpURLConnection) URI.create(service + path).toURL().openConnection();
        exchange.setRequestMethod(method);
        exchange.setConnectTimeout(5_000);
        exchange.setReadTimeout((int) silence.toMillis());
        exchange.setInstanceFollowRedirects(false);
        exchange.setRequestProperty("Accept", "application/json");
        exchange.setRequestProperty("User-Agent", agent());
        if (token != null) {
            exchange.setRequestProperty("Authorization", "Bearer " + token);
        }
        return exchange;
    }

    static String read(HttpURLConnection exchange) throws IOException {
        try (InputStream in = exchange.getResponseCode() >= 400
                ? exchange.getErrorStream() : exchange.getInputStream()) {
            return in == null ? "" : new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    static @Nullable JsonNode parsed(String text) {
        try {
            return text.isBlank() ? null : json.readTree(text);
        } catch (JacksonException other) {
            return null;
        }
    }

    /// The service's problem detail and its places, without a place's text that the detail holds already.
    static CliError refused(Answer answer) {
        var problem = answer.body() == null ? json.createObjectNode() : answer.body();
        var detail = problem.path("detail")
                .asString(problem.path("title").asString("the service answered " + answer.status()));
        var places = problem.path("errors").valueStream().filter(place -> !isIn(detail, place))
                .map(place -> "\n  " + (place(place) + " " + place.path("detail").asString("")).strip())
                .collect(Collectors.joining());
        return new CliError(exit(answer.status()), detail + places);
    }

    private static boolean isIn(String detail, JsonNode place) {
        return detail.contains(place.path("detail").asString(""))
                && detail.contains(place(place).replaceFirst("^/", ""));
    }

    private static String place(JsonNode place) {
        return place.path("pointer").asString(place.path("parameter").asString(""));
    }

    private static int exit(int status) {
        return switch (status) {
            case 404, 409, 410, 412 -> ExitCode.NOT_SO;
            default -> status >= 500 || status < 400 ? ExitCode.UNREACHABLE : ExitCode.USAGE;
        };
    }
}
