package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What clients of the revisions with a handshake meet: sessions, questions on their streams, the experimental tasks.
@LonghaulTest
class HandshakeTest {

    private static final JsonMapper json = new JsonMapper();

    @LocalServerPort
    int port;
    @Autowired
    JdbcClient sql;
    private URI service;

    @BeforeEach
    void connect() {
        service = URI.create("http://127.0.0.1:" + port);
    }

    private McpClient client(String revision) throws IOException, InterruptedException {
        return McpClient.handshaken(service, revision, "{\"elicitation\": {}}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"})
    void aSessionLastsUntilItsClientEndsIt(String revision) throws Exception {
        var client = client(revision);
        assertThat(client.say("{\"jsonrpc\": \"2.0\", \"method\": \"notifications/initialized\"}")).isEqualTo(202);

        assertThat(client.call("ping", "{}").isEmpty()).isTrue();
        assertThat(client.call("logging/setLevel", "{\"level\": \"warning\"}").isEmpty()).isTrue();
        for (var list : new String[] {"tools/list", "resources/list", "resources/templates/list", "prompts/list"}) {
            client.call(list, "{}");
        }
        client.call("prompts/get", "{\"name\": \"summarise_last_night\", \"arguments\": {\"hours\": \"3\"}}");
        assertThat(client.call("resources/read", "{\"uri\": \"longhaul://queues\"}").at("/contents/0/text").asString())
                .contains("queues");
        assertThat(client.refused("resources/read", "{\"uri\": \"longhaul://nothing\"}").get("code").asInt())
                .isEqualTo(-32002);
        assertThat(client.refused("tools/call", "{\"name\": \"wash_dishes\"}").get("code").asInt()).isEqualTo(-32602);
        assertThat(client.refused("server/discover", "{}").get("code").asInt()).isEqualTo(-32601);
        assertThat(client.tool("slow_compute", "{\"seconds\": 0, \"label\": \"x\"}")
                .at("/structuredContent/output/text").asString()).isEqualTo("computed x");

        assertThat(client.tool("test_audio_content", "{}").get("content")).hasSize(1);
        assertThat(client.tool("test_resource_link", "{}").at("/content/0").toString()).contains("longhaul://queues");
        assertThat(client.tool("test_embedded_resource", "{}").at("/content/0/type").asString()).isEqualTo("resource");
        try (var talk = client.open("{")) {
            assertThat(talk.answer().at("/error/code").asInt()).isEqualTo(-32700);
        }

        assertThat(client.end()).isEqualTo(204);
        try (var talk = client.open("ping", "{}")) {
            assertThat(talk.status()).isEqualTo(404);
        }
    }

    @Test
    void aSessionThatWasTamperedWithIsNone() throws Exception {
        var token = String.valueOf(client("2025-06-18").session());
        var last = token.charAt(token.length() - 2) == 'A' ? 'B' : 'A';
        var body = "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\"}";

        for (var bad : new String[] {token.substring(0, token.length() - 2) + last + token.charAt(token.length() - 1),
                "x" + token, token.replace(".", ""), "1"}) {
            assertThat(McpClient.modern(service, "{}").send(body, Map.of("Mcp-Session-Id", bad)).statusCode()).as(bad)
                    .isEqualTo(404);
        }
        assertThat(McpClient.modern(service, "{}").send(body, Map.of("Mcp-Session-Id", token)).statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"2024-11-05", "2025-03-26"})
    void aRevisionWithoutElicitationIsNeverAskedThatWay(String revision) throws Exception {
        var answer = client(revision).tool("test_elicitation", "{\"message\": \"How?\"}");

        assertThat(answer.get("isError").asBoolean()).isTrue();
    }

    @Test
    void aBatchIsForClientsOf20250326() throws Exception {
        var batch = "[{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"ping\"}, {\"jsonrpc\": \"2.0\", \"method\": "
                + "\"notifications/initialized\"}, {\"jsonrpc\": \"2.0\", \"id\": \"b\", \"method\": \"wash\"}]";
        var older = client("2025-03-26");
        var answers = json.readTree(older.send(batch, Map.of("Mcp-Session-Id", String.valueOf(older.session()))).body()
                .readAllBytes());

        WireSchemas.requireValid("2025-03-26", "ping", answers);
        assertThat(StreamSupport.stream(answers.spliterator(), false).map(answer -> answer.get("id").toString()))
                .containsExactly("1", "\"b\"");
        assertThat(answers.get(0).get("result").isEmpty()).isTrue();
        assertThat(answers.get(1).at("/error/code").asInt()).isEqualTo(-32601);
        var newer = client("2025-06-18");
        assertThat(newer.send(batch, Map.of("Mcp-Session-Id", String.valueOf(newer.session()))).statusCode())
                .isEqualTo(400);
    }

    @Test
    void anOperationsQuestionIsAskedOnTheCallsStreamAndTheCallGoesOn() throws Exception {
        var client = client("2025-06-18");
        try (var talk =
                client.open("tools/call", "{\"name\": \"confirm_delete\", \"arguments\": {\"filename\": \"a.txt\"}}")) {
            var asked = talk.until("elicitation/create").getLast();
            assertThat(asked.at("/params/message").asString()).contains("Delete a.txt?");

            assertThat(client.answer(asked, "{\"action\": \"accept\", \"content\": {\"confirm\": \"yes\"}}"))
                    .as("does not fit").isEqualTo(400);
            assertThat(client.answer(asked, "{\"action\": \"accept\", \"content\": {\"confirm\": true}}"))
                    .isEqualTo(202);

            assertThat(talk.answer().at("/result/structuredContent/output/text").asString()).isEqualTo("deleted a.txt");
        }
    }

    @Test
    void aToolsOwnQuestionIsAskedOnTheCallsStream() throws Exception {
        var client = client("2025-06-18");
        try (var talk =
                client.open("tools/call", "{\"name\": \"test_elicitation\", \"arguments\": {\"message\": \"How?\"}}")) {
            var asked = talk.until("elicitation/create").getLast();
            assertThat(client.answer(asked, "{\"action\": \"accept\", \"content\": {\"response\": \"so\"}}"))
                    .isEqualTo(202);

            assertThat(talk.answer().at("/result/content/0/text").asString()).contains("action=accept", "so");
        }
        assertThat(client.say("{\"jsonrpc\": \"2.0\", \"id\": \"made up\", \"result\": {}}")).isEqualTo(400);
        var unable = McpClient.handshaken(service, "2025-06-18", "{}");
        assertThat(unable.tool("test_elicitation", "{\"message\": \"How?\"}").get("isError").asBoolean()).isTrue();
    }

    @Test
    void anExperimentalTaskIsFollowedAskedAndItsResultFetched() throws Exception {
        var client = client("2025-11-25");
        assertThat(client.call("tools/list", "{}").get("tools").toString())
                .contains("\"taskSupport\":\"optional\"", "\"taskSupport\":\"required\"");
        assertThat(client.refused("tools/call", "{\"name\": \"failing_job\", \"arguments\": {}}").get("code").asInt())
                .isEqualTo(-32601);
        var id = task(client, "confirm_delete", "{\"filename\": \"b.txt\"}");
        await().until(() -> client.call("tasks/get", "{\"taskId\": \"" + id + "\"}").get("status").asString()
                .equals("input_required"));

        try (var talk = client.open("tasks/result", "{\"taskId\": \"" + id + "\"}")) {
            var asked = talk.until("elicitation/create").getLast();
            assertThat(asked.at("/params/_meta/io.modelcontextprotocol~1related-task/taskId").asString()).isEqualTo(id);
            client.answer(asked, "{\"action\": \"accept\", \"content\": {\"confirm\": true}}");
            var result = talk.answer().get("result");
            assertThat(result.at("/structuredContent/output/text").asString()).isEqualTo("deleted b.txt");
            assertThat(result.at("/_meta/io.modelcontextprotocol~1related-task/taskId").asString()).isEqualTo(id);
        }
        assertThat(client.call("tasks/list", "{}").at("/tasks").toString()).contains(id);
        assertThat(client.refused("tasks/cancel", "{\"taskId\": \"" + id + "\"}").get("code").asInt())
                .as("over already").isEqualTo(-32602);
        var failing = task(client, "failing_job", "{}");
        assertThat(client.call("tasks/result", "{\"taskId\": \"" + failing + "\"}").get("isError").asBoolean())
                .isTrue();
        assertThat(client.call("tasks/get", "{\"taskId\": \"" + failing + "\"}").get("status").asString())
                .isEqualTo("failed");
        assertThat(client.call("tasks/cancel", "{\"taskId\": \"" + task(client, "slow_compute", "{\"seconds\": 600}")
                + "\"}").get("status").asString()).isEqualTo("cancelled");
    }

    private static String task(McpClient client, String tool, String arguments)
            throws IOException, InterruptedException {
        return client.call("tools/call", "{\"name\": \"%s\", \"arguments\": %s, \"task\": {\"ttl\": 60000}}"
                .formatted(tool, arguments)).at("/task/taskId").asString();
    }

    @Test
    void aCallIsCancelledByANotificationAndNotByALostConnection() throws Exception {
        var client = client("2025-06-18");
        try (var talk =
                client.open("tools/call",
                "{\"name\": \"slow_compute\", \"arguments\": {\"seconds\": 5, \"label\": \"lost\"}, \"_meta\": "
                + "{\"progressToken\": 1}}")) {
            talk.until("notifications/progress");
        }
        var body = client.body("tools/call",
                "{\"name\": \"slow_compute\", \"arguments\": {\"seconds\": 600, \"label\": \"given up\"}, \"_meta\": "
                + "{\"progressToken\": 2}}");
        try (var talk = client.open(body)) {
            talk.until("notifications/progress");
            assertThat(client.say("{\"jsonrpc\": \"2.0\", \"method\": \"notifications/cancelled\", \"params\": "
                    + "{\"requestId\": " + json.readTree(body).get("id") + "}}")).isEqualTo(202);
            await().until(() -> status("given up").equals("cancelled"));
        }
        await().until(() -> status("lost").equals("completed"));
    }

    private String status(String label) {
        return sql.sql("select status from operation where input ->> 'label' = :label").param("label", label)
                .query(String.class).single();
    }

    @Test
    void whoComesBackWithTheLastIdGetsTheRestOfTheCall() throws Exception {
        var client = client("2025-11-25");
        JsonNode answer = null;
        var place = "";
        try (var talk =
                client.open("tools/call",
                "{\"name\": \"slow_compute\", \"arguments\": {\"seconds\": 4, \"label\": \"resumed\"}, \"_meta\": "
                + "{\"progressToken\": 7}}")) {
            for (var message = talk.next(); message != null; message = talk.next()) {
                assertThat(message.get("method").asString()).isEqualTo("notifications/progress");
            }
            place = String.valueOf(talk.lastId());
        }
        for (var reconnects = 0; answer == null && reconnects < 20; reconnects++) {
            try (var rest = client.listen(place, "tools/call")) {
                for (var message = rest.next(); message != null; message = rest.next()) {
                    answer = message.has("result") ? message : answer;
                }
                place = String.valueOf(rest.lastId());
            }
        }
        assertThat(answer).isNotNull();
        assertThat(answer.at("/result/structuredContent/output/text").asString()).isEqualTo("computed resumed");
        assertThat(sql.sql("select count(*) from operation where input ->> 'label' = 'resumed'").query(Long.class)
                .single()).isEqualTo(1);
        try (var other = client("2025-11-25").listen(place, "tools/call")) {
            assertThat(other.status()).as("a place in another session's stream").isEqualTo(400);
        }
    }

    @Test
    void aSubscribedResourceIsToldOfOnTheSessionsStream() throws Exception {
        var client = client("2025-06-18");
        var id = client.tool("start_long_task", "{\"task_type\": \"slow_compute\", \"input\": {\"seconds\": 3}}")
                .at("/structuredContent/data/operation_id").asString();
        client.call("resources/subscribe", "{\"uri\": \"longhaul://operations/" + id + "\"}");

        try (var stream = client.listen(null, "")) {
            var told = stream.until("notifications/resources/updated").getLast();
            assertThat(told.at("/params/uri").asString()).isEqualTo("longhaul://operations/" + id);
        }
        client.call("resources/unsubscribe", "{\"uri\": \"longhaul://operations/" + id + "\"}");
        assertThat(client.refused("resources/subscribe", "{\"uri\": \"longhaul://nothing\"}").get("code").asInt())
                .isEqualTo(-32002);
    }
}
