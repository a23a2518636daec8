package dev.longhaul;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.mcp.WireSchemas;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A client of the reference interface, as its users write them: calls tools by plain JSON-RPC (every answer is held
/// against the protocol's JSON Schema), reads a stream line by line.
public final class ReferenceClient {

    private static final JsonMapper json = new JsonMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI service;

    public ReferenceClient(URI service) {
        this.service = service;
    }

    public record Event(@Nullable String id, String name, JsonNode data) {}

    /// What a client makes of a tool's answer.
    ///
    /// @param arguments JSON
    public JsonNode call(String tool, String arguments) throws IOException, InterruptedException {
        return parsed(post("""
                {"jsonrpc": "2.0", "method": "tools/call", "id": 1, "params": {"name": "%s", "arguments": %s}}""".formatted(tool, arguments)).body());
    }

    /// As `call_and_parse` of the reference: the structured content if there is any, else the text. A client that reads
    /// the text must get the same.
    public static JsonNode parsed(String body) {
        var result = json.readTree(body).path("result");
        var text = json.readTree(result.at("/content/0/text").asString());
        if (result.has("structuredContent")) {
            assertThat(result.get("structuredContent")).as("structured content, as the text").isEqualTo(text);
            return result.get("structuredContent");
        }
        return text;
    }

    /// @return the operation's id
    public String start(String type, double seconds, int steps) throws IOException, InterruptedException {
        var answer = call("start_long_task", "{\"task_type\": \"%s\", \"duration_seconds\": %s, \"steps\": %d}"
                .formatted(type, seconds, steps));
        return answer.at("/data/operation_id").asString();
    }

    public JsonNode progress(String id) throws IOException, InterruptedException {
        return call("get_task_progress", "{\"operation_id\": \"" + id + "\"}").get("data");
    }

    public HttpResponse<String> post(String body, String... headers) throws IOException, InterruptedException {
        return post(body.getBytes(StandardCharsets.UTF_8), headers);
    }

    public HttpResponse<String> post(byte[] body, String... headers) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(service.resolve("/mcp")).timeout(Duration.ofSeconds(30))
                .setHeader("Content-Type", "application/json")
                .setHeader("Accept", "application/json, text/event-stream");
        for (var n = 0; n < headers.length; n += 2) {
            request.setHeader(headers[n], headers[n + 1]);
        }
        var sent = request.POST(HttpRequest.BodyPublishers.ofByteArray(body)).build();
        var response = http.send(sent, HttpResponse.BodyHandlers.ofString());
        WireSchemas.requireValid(body, sent.headers().firstValue("MCP-Protocol-Version").orElse(null), response);
        return response;
    }

    public HttpResponse<String> get(String path, String... headers) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(service.resolve(path)).timeout(Duration.ofSeconds(60));
        return http.send((headers.length == 0 ? request : request.headers(headers)).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    /// All events of an operation's stream, until the service ends it.
    public List<Event> stream(String id, String... headers) throws IOException, InterruptedException {
        var events = new ArrayList<Event>();
        stream(id, events::add, headers);
        return events;
    }

    public void stream(String id, Consumer<Event> each, String... headers) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(service.resolve("/progress/" + id + "/stream"));
        var response = http.send((headers.length == 0 ? request : request.headers(headers)).build(),
                HttpResponse.BodyHandlers.ofLines());
        try (var lines = response.body()) {
            if (response.statusCode() != 200) {
                throw new IOException("HTTP " + response.statusCode());
            }
            events(lines).forEach(each);
        } catch (UncheckedIOException lost) {
            throw lost.getCause();
        }
    }

    private static Stream<Event> events(Stream<String> lines) {
        var parts = new String[2];
        return lines.mapMulti((line, next) -> {
            if (line.startsWith("id:")) {
                parts[0] = line.substring(3).strip();
            } else if (line.startsWith("event:")) {
                parts[1] = line.substring(6).strip();
            } else if (line.startsWith("data:")) {
                next.accept(new Event(parts[0], parts[1], json.readTree(line.substring(5).strip())));
            }
        });
    }
}
