package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import dev.longhaul.ReferenceClient;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Promise 10: bad input gets an error that says what was expected, nothing is half-written, and the service stays up.
@LonghaulTest
class BadInputTest {

    private static final String PING = "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\"}";

    @LocalServerPort
    int port;
    @Autowired
    JdbcClient sql;
    private ReferenceClient client;
    private long operations;

    @BeforeEach
    void count() {
        client = new ReferenceClient(URI.create("http://127.0.0.1:" + port));
        operations = operations();
    }

    @AfterEach
    void nothingWasWrittenAndTheServiceIsUp() throws Exception {
        assertThat(operations()).isEqualTo(operations);
        assertThat(client.post(PING).body()).isEqualTo("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}");
    }

    private long operations() {
        return sql.sql("select count(*) from operation").query(Long.class).single();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "{", "{\"jsonrpc\": \"2.0\"", "{} {}", "nonsense", "{'a': 1}", "{\"a\": NaN}",
            "{\"a\": 01}", "{\"a\": +1}", "{\"a\": .5}",
            "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\", \"method\": \"tools/list\"}"})
    void whatIsNotJsonIsRefused(String body) throws Exception {
        assertRefused(client.post(body), 400, -32700);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff", "c0af", "eda080", "efbbbf", "7b0022"})
    void bytesThatAreNotUtf8JsonAreRefused(String hex) throws Exception {
        assertRefused(client.post(HexFormat.of().parseHex(hex)), 400, -32700);
    }

    @ParameterizedTest
    @ValueSource(ints = {65, 1_000, 100_000})
    void jsonThatIsNestedTooDeeplyIsRefused(int depth) throws Exception {
        var body = "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\", \"params\": {\"a\": " + "[".repeat(depth)
                + "]".repeat(depth) + "}}";
        assertRefused(client.post(body), 400, -32700);
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "\"ping\"", "17", "[]", "[" + PING + "]", "{}",
            "{\"jsonrpc\": \"1.0\", \"id\": 1, \"method\": \"ping\"}",
                    "{\"jsonrpc\": 2.0, \"id\": 1, \"method\": \"ping\"}",
            "{\"jsonrpc\": \"2.0\", \"id\": 1}", "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": 7}",
            "{\"jsonrpc\": \"2.0\", \"id\": {}, \"method\": \"ping\"}",
            "{\"jsonrpc\": \"2.0\", \"id\": null, \"method\": \"ping\"}",
            "{\"jsonrpc\": \"2.0\", \"id\": true, \"method\": \"ping\"}",
            "{\"jsonrpc\": \"2.0\", \"id\": 1.5, \"method\": \"ping\"}",
            "{\"jsonrpc\": \"2.0\", \"id\": 9223372036854775808, \"method\": \"ping\"}",
            "{\"jsonrpc\": \"2.0\", \"id\": \"a\\u0000\", \"method\": \"ping\"}",
            "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\", \"extra\": 1}"})
    void whatIsNotAJsonRpcRequestIsRefused(String body) throws Exception {
        assertRefused(client.post(body), 400, -32600);
    }

    @ParameterizedTest
    @CsvSource({"9007199254740993", "-1", "0", "\"9\"", "\"\\u00fc\""})
    void theIdComesBackAsItWas(String id) throws Exception {
        var answer = new JsonMapper()
                .readTree(client.post("{\"jsonrpc\": \"2.0\", \"id\": " + id + ", \"method\": \"ping\"}").body());
        assertThat(answer.get("id")).isEqualTo(new JsonMapper().readTree(id));
    }

    @Test
    void unknownMethodsAndParametersOfTheWrongKindAreRefused() throws Exception {
        assertRefused(client.post("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/wash\"}"), 404, -32601);
        assertRefused(client.post("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\", \"params\": []}"), 200,
                -32602);
        assertRefused(call("{\"name\": 7}"), 200, -32602);
        assertRefused(call("{\"name\": \"get_task_progress\", \"arguments\": \"x\"}"), 200, -32602);
        assertRefused(call("{\"name\": \"get_task_progress\", \"arguments\": null}"), 200, -32602);
        assertThat(client.post("{\"jsonrpc\": \"2.0\", \"method\": \"ping\"}").statusCode()).as("a notification")
                .isEqualTo(202);
    }

    @ParameterizedTest
    @ValueSource(strings = {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
            "application/json; charset=utf-16", "nonsense"})
    void onlyJsonInUtf8IsTaken(String type) throws Exception {
        assertRefused(client.post(PING, "Content-Type", type), 415, -32600);
    }

    @Test
    void aCompressedBodyIsRefused() throws Exception {
        assertRefused(client.post(PING, "Content-Encoding", "gzip"), 415, -32600);
    }

    @ParameterizedTest
    @ValueSource(ints = {256 * 1024 + 1, 10_000_000})
    void aBodyThatIsTooLargeIsRefusedAndItsSenderReadsWhy(int size) throws Exception {
        var body = new byte[size];
        Arrays.fill(body, (byte) ' ');
        assertRefused(client.post(body), 413, -32600);
    }

    @Test
    void aBodyOfTheLargestSizeIsTaken() throws Exception {
        var body = Arrays.copyOf(PING.getBytes(StandardCharsets.UTF_8), 256 * 1024);
        Arrays.fill(body, PING.length(), body.length, (byte) ' ');
        assertThat(client.post(body).statusCode()).isEqualTo(200);
    }

    static Stream<String> arguments() {
        return Stream.of("\"steps\": 0", "\"steps\": -1", "\"steps\": 1000000000", "\"steps\": 2147483648",
                "\"steps\": 3.5", "\"steps\": \"3\"", "\"steps\": true",
                "\"steps\": []", "\"duration_seconds\": -1", "\"duration_seconds\": \"NaN\"",
                "\"duration_seconds\": 1e400", "\"duration_seconds\": 1e131071",
                "\"duration_seconds\": 0.12345678901234567890123456789012345", "\"colour\": \"red\"",
                "\"run_at\": \"soon\"", "\"priority\": 101",
                "\"max_attempts\": 0", "\"timeout_seconds\": 0", "\"queue\": \"\"", "\"queue\": \"a\\u0000b\"",
                "\"queue\": \"\\ud83d\"",
                "\"queue\": \"" + "q".repeat(201) + "\"", "\"input\": {\"a\\u0000\": 1}",
                "\"input\": {\"duration_seconds\": 1}", "\"input\": []",
                "\"idempotency_key\": \"\"", "\"task_type\": \"a\\u0000b\"", "\"task_type\": null",
                "\"task_type\": \"\"", "\"task_type\": \"" + "t".repeat(201) + "\"",
                "\"task_type\": 7");
    }

    @ParameterizedTest
    @MethodSource("arguments")
    void argumentsThatDoNotFitAreToldByName(String argument) throws Exception {
        var all = argument.startsWith("\"task_type\"") ? argument : "\"task_type\": \"simulation\", " + argument;

        var answer = call("{\"name\": \"start_long_task\", \"arguments\": {" + all + "}}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(new JsonMapper().readTree(answer.body()).at("/result/isError").asBoolean()).isTrue();
        var envelope = ReferenceClient.parsed(answer.body());
        assertThat(envelope.get("status").asString()).isEqualTo("error");
        var name = argument.substring(1, argument.indexOf('"', 1));
        assertThat(envelope.get("error").asString()).matches("(?s).*(" + name + "|arguments|steps).*")
                .doesNotContain("java", "tools.jackson", "dev.longhaul");
    }

    @ParameterizedTest
    @ValueSource(strings = {"abc", "1-1-1-1-1", "{01a20923-0ed0-73f3-acba-03587e229145}",
            "01a20923-0ed0-73f3-acba-03587e22914g", "", "../../etc/passwd"})
    void anIdThatIsNoUuidIsRefused(String id) throws Exception {
        assertThat(client.call("get_task_progress", "{\"operation_id\": \"" + id + "\"}").get("error").asString())
                .contains("a UUID");
    }

    @Test
    void aPageOfAnotherSiteAndAForeignNameAreTurnedAway() throws Exception {
        assertThat(client.post(PING, "Origin", "http://evil.example").statusCode()).isEqualTo(403);
        assertThat(client.post(PING, "Origin", "null").statusCode()).isEqualTo(403);
        assertThat(client.post(PING, "Origin", "http://localhost:" + port).statusCode()).isEqualTo(200);
        assertThat(client.post(PING, "Origin", "http://localhost:" + (port + 1)).statusCode())
                .as("a page of another program on this machine").isEqualTo(403);
        assertThat(rawStatus("GET /health HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"))
                .isEqualTo("HTTP/1.1 400");
        assertThat(rawStatus("GET /health HTTP/1.1\r\nHost: localhost:%d\r\nConnection: close\r\n\r\n".formatted(port)))
                .isEqualTo("HTTP/1.1 200");
    }

    @ParameterizedTest
    @CsvSource({"TRACE, /health, 405, method-not-allowed", "GET, /api/v1/operations;x=1, 404, not-found",
            "GET, /operations;x=1, 404, not-found", "GET, /api/v1/queues/a%2Fb, 400, invalid-request",
            "GET, /api/v1/queues/a%5Cb, 400, invalid-request", "GET, /api/v1/queues/a%00b, 400, invalid-request",
            "GET, /api/v1/%2e%2e/queues, 400, invalid-request", "GET, /api/v1/queues/%zz, 400, invalid-request",
            "GET, /health?a=LONG, 414, uri-too-long", "TRACE, /api/v1/operations, 405, method-not-allowed",
            "TRACE, /mcp, 405, method-not-allowed", "FETCH, /health, 405, method-not-allowed"})
    void whatTheServerRefusesIsAProblemDocument(String method, String path, int status, String code) throws Exception {
        var response = raw("%s %s HTTP/1.1\r\nHost: localhost:%d\r\nX-Secret: echo\r\nConnection: close\r\n\r\n"
                .formatted(
                method, path.replace("LONG", "a".repeat(20_000)), port));

        assertThat(response).startsWith("HTTP/1.1 " + status).contains("application/problem+json",
                "\"code\":\"" + code + "\"").doesNotContain("X-Secret", "<html");
    }

    @Test
    void aBodyThatEndsEarlyLeavesNothingBehind() throws Exception {
        assertThat(rawStatus("POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: "
                + "application/json\r\nContent-Length: 500\r\nConnection: close\r\n\r\n{\"jsonrpc\""))
                .isIn("", "HTTP/1.1 400");
    }

    private String rawStatus(String request) throws IOException {
        var response = raw(request);
        return response.substring(0, Math.min(response.length(), 12));
    }

    private String raw(String request) throws IOException {
        try (var socket = new Socket("127.0.0.1", port)) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private HttpResponse<String> call(String params) throws IOException, InterruptedException {
        return client.post("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/call\", \"params\": " + params + "}");
    }

    private static void assertRefused(HttpResponse<String> response, int status, int code) {
        assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
        JsonNode answer = new JsonMapper().readTree(response.body());
        assertThat(answer.get("jsonrpc").asString()).isEqualTo("2.0");
        assertThat(answer.at("/error/code").asInt()).isEqualTo(code);
        assertThat(answer.at("/error/message").asString()).isNotBlank().doesNotContain("java", "Exception", "jackson");
    }
}
