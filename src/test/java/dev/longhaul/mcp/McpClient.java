package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A client of one of the protocol's revisions, which holds every message it gets against that revision's JSON Schema.
public final class McpClient {

    public static final String TASKS = "{\"extensions\": {\"io.modelcontextprotocol/tasks\": {}}, \"elicitation\": {}}";
    public static final String NEWEST = "2026-07-28";
    private static final JsonMapper json = new JsonMapper();
    private static final HttpClient http = HttpClient.newHttpClient();
    private static final AtomicInteger ids = new AtomicInteger();

    private final URI service;
    private final String revision;
    private final JsonNode capabilities;
    private final @Nullable String session;

    private McpClient(URI service, String revision, JsonNode capabilities, @Nullable String session) {
        this.service = service;
        this.revision = revision;
        this.capabilities = capabilities;
        this.session = session;
    }

    /// Of 2026-07-28.
    ///
    /// @param capabilities JSON
    public static McpClient modern(URI service, String capabilities) {
        return new McpClient(service, NEWEST, json.readTree(capabilities), null);
    }

    /// Of a revision with a handshake, which it does.
    public static McpClient handshaken(URI service, String revision, String capabilities)
            throws IOException, InterruptedException {
        var client = new McpClient(service, revision, json.readTree(capabilities), null);
        var answer = client.send(client.body("initialize", "{\"protocolVersion\": \"" + revision
                + "\", \"capabilities\": " + capabilities
                + ", \"clientInfo\": {\"name\": \"test\", \"version\": \"1\"}}"), Map.of());
        var said = json.readTree(answer.body().readAllBytes());
        WireSchemas.requireValid(revision, "initialize", said);
        return new McpClient(service, revision, client.capabilities, answer.headers().firstValue("Mcp-Session-Id")
                .orElseThrow());
    }

    /// The same client at another node.
    public McpClient at(URI other) {
        return new McpClient(other, revision, capabilities, session);
    }

    public @Nullable String session() {
        return session;
    }

    /// @return the result
    public JsonNode call(String method, String params) throws IOException, InterruptedException {
        try (var talk = open(method, params)) {
            var answer = talk.answer();
            assertThat(answer.has("result")).as("a result, not %s", answer).isTrue();
            return answer.get("result");
        }
    }

    /// @param arguments JSON
    public JsonNode tool(String name, String arguments) throws IOException, InterruptedException {
        return call("tools/call", "{\"name\": \"%s\", \"arguments\": %s}".formatted(name, arguments));
    }

    /// @return the error
    public JsonNode refused(String method, String params) throws IOException, InterruptedException {
        try (var talk = open(method, params)) {
            var answer = talk.answer();
            assertThat(answer.has("error")).as("an error, not %s", answer).isTrue();
            return answer.get("error");
        }
    }

    /// Sends a request; what comes back is read message by message.
    public Talk open(String method, String params) throws IOException, InterruptedException {
        return new Talk(send(body(method, params), headers(method, params)), method);
    }

    /// Sends a request as it is.
    public Talk open(String body) throws IOException, InterruptedException {
        return new Talk(send(body, headers("tools/call", "{}")), "tools/call");
    }

    /// Ends the session.
    ///
    /// @return the status
    public int end() throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(service.resolve("/mcp")).header("Mcp-Session-Id",
                String.valueOf(session)).DELETE().build(),
                HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    /// Answers a request of the service.
    ///
    /// @return the status
    public int answer(JsonNode asked, String result) throws IOException, InterruptedException {
        return say("{\"jsonrpc\": \"2.0\", \"id\": %s, \"result\": %s}".formatted(asked.get("id"), result));
    }

    /// The stream that a GET opens.
    ///
    /// @param lastEventId null: from now on
    public Talk listen(@Nullable String lastEventId, String method) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(service.resolve("/mcp")).timeout(Duration.ofSeconds(30))
                .header("Accept", "text/event-stream")
                .header("MCP-Protocol-Version", revision).header("Mcp-Session-Id", String.valueOf(session));
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        return new Talk(http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream()), method);
    }

    /// Sends a notification or a response.
    ///
    /// @return the status
    public int say(String body) throws IOException, InterruptedException {
        try (var talk = new Talk(send(body, headers("", "{}")), "")) {
            talk.next();
            return talk.status();
        }
    }

    public String body(String method, String params) {
        var given = (ObjectNode) json.readTree(params);
        if (session == null && revision.equals(NEWEST)) {
            var meta = given.withObject("_meta").put("io.modelcontextprotocol/protocolVersion", revision);
            meta.set("io.modelcontextprotocol/clientCapabilities", capabilities);
        }
        var request = json.createObjectNode().put("jsonrpc", "2.0").put("id", ids.incrementAndGet())
                .put("method", method);
        request.set("params", given);
        return request.toString();
    }

    private Map<String, String> headers(String method, String params) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("MCP-Protocol-Version", revision);
        if (session != null) {
            headers.put("Mcp-Session-Id", session);
        } else if (!method.isEmpty()) {
            headers.put("Mcp-Method", method);
            var given = json.readTree(params);
            List.of("name", "uri", "taskId").forEach(name -> {
                if (given.path(name).isString()) {
                    headers.put("Mcp-Name", given.path(name).asString());
                }
            });
        }
        return headers;
    }

    public HttpResponse<InputStream> send(String body, Map<String, String> headers)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(service.resolve("/mcp")).timeout(Duration.ofSeconds(60))
                .header("Content-Type", "application/json")
                .header("Accept", "application/json, text/event-stream");
        headers.forEach(request::header);
        return http.send(request.POST(BodyPublishers.ofString(body)).build(),
                HttpResponse.BodyHandlers.ofInputStream());
    }

    /// What is said in return: messages, and at last the answer.
    public final class Talk implements AutoCloseable {

        private final HttpResponse<InputStream> response;
        private final String method;
        private final BufferedReader lines;
        private @Nullable String lastId;

        private Talk(HttpResponse<InputStream> response, String method) {
            this.response = response;
            this.method = method;
            this.lines = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
        }

        public int status() {
            return response.statusCode();
        }

        public boolean isStream() {
            return response.headers().firstValue("Content-Type").orElse("").startsWith("text/event-stream");
        }

        /// Of the last event that had one.
        public @Nullable String lastId() {
            return lastId;
        }

        /// @return null: the stream has ended
        public @Nullable JsonNode next() throws IOException {
            if (!isStream()) {
                var text = lines.lines().collect(Collectors.joining("\n"));
                return text.isEmpty() ? null : valid(text);
            }
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.startsWith("id: ")) {
                    lastId = line.substring(4);
                } else if (line.startsWith("data: ")) {
                    return valid(line.substring(6));
                }
            }
            return null;
        }

        /// All that is said before the answer.
        public List<JsonNode> until(String wanted) throws IOException {
            var said = new ArrayList<JsonNode>();
            for (var message = next(); message != null; message = next()) {
                said.add(message);
                if (message.path("method").asString("").equals(wanted) || wanted.equals("answer")
                        && !message.has("method")) {
                    return said;
                }
            }
            throw new AssertionError("the stream ended before " + wanted + ": " + said);
        }

        public JsonNode answer() throws IOException {
            return until("answer").getLast();
        }

        private JsonNode valid(String text) {
            var message = json.readTree(text);
            WireSchemas.requireValid(revision, method, message);
            return message;
        }

        @Override
        public void close() throws IOException {
            response.body().close();
        }
    }
}
