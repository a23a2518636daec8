package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import dev.longhaul.ReferenceClient;
import java.net.URI;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What clients of MCP's handshake revisions meet.
@LonghaulTest
class ProtocolTest {

    private static final JsonMapper json = new JsonMapper();

    @LocalServerPort
    int port;
    private ReferenceClient client;

    @BeforeEach
    void connect() {
        client = new ReferenceClient(URI.create("http://127.0.0.1:" + port));
    }

    @ParameterizedTest
    @CsvSource({"2025-11-25, 2025-11-25", "2025-06-18, 2025-06-18", "2025-03-26, 2025-03-26", "2024-11-05, 2024-11-05",
            "1999-01-01, 2025-11-25"})
    void theHandshakeAgreesOnARevision(String asked, String answered) throws Exception {
        var result = result("initialize", "{\"protocolVersion\": \"" + asked
                + "\", \"capabilities\": {}, \"clientInfo\": {\"name\": \"t\", \"version\": \"1\"}}");

        assertThat(result.get("protocolVersion").asString()).isEqualTo(answered);
        assertThat(result.at("/serverInfo/name").asString()).isEqualTo("longhaul");
        assertThat(result.at("/capabilities/tools").isObject()).isTrue();
        assertThat(client.post("{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}").statusCode())
                .isEqualTo(202);
    }

    @Test
    void everyToolHasAJsonSchemaThatRefusesWhatItDoesNotKnow() throws Exception {
        var tools = result("tools/list", "{}").get("tools");

        assertThat(tools.valueStream().map(tool -> tool.get("name").asString()))
                .startsWith("start_long_task", "get_task_progress", "get_task_result", "cancel_task", "retry_task",
                        "provide_input", "wait_for_task", "list_operations")
                .contains("csv_import", "http_request", "sql_backfill", "simulation");
        for (var tool : tools) {
            assertThat(tool.get("description").asString()).isNotBlank();
            assertThat(tool.at("/inputSchema/type").asString()).isEqualTo("object");
            assertThat(tool.at("/inputSchema/additionalProperties").asBoolean()).isFalse();
        }
        for (var n = 0; n < 8; n++) {
            assertThat(tools.get(n).at("/outputSchema/properties").isEmpty()).isFalse();
            assertThat(tools.get(n).at("/inputSchema/properties").valueStream())
                    .allSatisfy(property -> assertThat(property.get("description").asString()).isNotBlank());
        }
        assertThat(tools.get(0).at("/inputSchema/required").toString()).isEqualTo("[\"task_type\"]");
    }

    @Test
    void acceptDecidesBetweenJsonAndAnEventStream() throws Exception {
        var ping = "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\"}";

        assertThat(client.post(ping).headers().firstValue("Content-Type")).contains("application/json");
        assertThat(client.post(ping, "Accept", "*/*").headers().firstValue("Content-Type"))
                .contains("application/json");
        assertThat(client.post(ping, "Accept", "text/event-stream").body())
                .isEqualTo("event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n");
        assertThat(client.post(ping, "Accept", "application/json;q=0.1, text/event-stream").body())
                .startsWith("event: message\n");
    }

    @Test
    void aClientThatNamesItsRevisionGetsTheProtocolsErrors() throws Exception {
        var unknown =
                json.readTree(client.post("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/call\", \"params\": "
                + "{\"name\": \"wash_dishes\"}}",
                "MCP-Protocol-Version", "2025-06-18").body());

        assertThat(unknown.at("/error/code").asInt()).isEqualTo(-32602);
        assertThat(client.post("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\"}", "MCP-Protocol-Version",
                "1999-01-01").statusCode()).isEqualTo(400);
        assertThat(client.post("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"prompts/list\"}",
                "MCP-Protocol-Version", "2025-06-18").statusCode()).isEqualTo(200);
        assertThat(client.get("/mcp").statusCode()).as("no stream of our own").isEqualTo(405);
    }

    private JsonNode result(String method, String params) throws Exception {
        return json.readTree(client.post("{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"%s\", \"params\": %s}"
                .formatted(method, params)).body()).get("result");
    }
}
