package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.Service;
import dev.longhaul.TestDatabase;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.HashSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;

/// Promise 1 of the package: any node answers any request; with two real services on one database, of which one is
/// killed in the end.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TwoNodesTest {

    private static TestDatabase.Database database;
    private static Service one;
    private static Service two;

    @BeforeAll
    static void start() throws Exception {
        database = TestDatabase.shared().fresh();
        one = Service.start(database, Service.freePort(), "--longhaul.engine.lease=3s").awaitUp();
        two = Service.start(database, Service.freePort(), "--longhaul.engine.lease=3s").awaitUp();
    }

    @AfterAll
    static void stop() throws Exception {
        one.close();
        two.close();
    }

    @Test
    @Order(1)
    void aSessionThatBeganAtOneNodeIsGoodAtTheOtherAndEndsAtBoth() throws Exception {
        var client = McpClient.handshaken(one.uri("/"), "2025-06-18", "{}");

        assertThat(client.at(two.uri("/")).call("ping", "{}").isEmpty()).isTrue();
        assertThat(client.at(two.uri("/")).end()).isEqualTo(204);

        try (var talk = client.open("ping", "{}")) {
            assertThat(talk.status()).isEqualTo(404);
        }
    }

    @Test
    @Order(2)
    void whatOneNodeAskedIsAnsweredAtTheOther() throws Exception {
        var client = McpClient.handshaken(one.uri("/"), "2025-06-18", "{\"elicitation\": {}}");
        for (var call : new String[] {"{\"name\": \"confirm_delete\", \"arguments\": {\"filename\": \"far.txt\"}}",
                "{\"name\": \"test_elicitation\", \"arguments\": {\"message\": \"How?\"}}"}) {
            try (var talk = client.open("tools/call", call)) {
                var asked = talk.until("elicitation/create").getLast();
                assertThat(client.at(two.uri("/")).answer(asked,
                        "{\"action\": \"accept\", \"content\": {\"confirm\": true, \"response\": \"so\"}}".replace(
                        asked.toString().contains("far.txt") ? ", \"response\": \"so\"" : "\"confirm\": true, ", "")))
                        .isEqualTo(202);
                assertThat(talk.answer().at("/result/isError").asBoolean()).isFalse();
            }
        }
    }

    @Test
    @Order(3)
    void aStateThatOneNodeSealedIsOpenedByTheOther() throws Exception {
        var client = McpClient.modern(one.uri("/"), "{\"elicitation\": {}}");
        var first = client.tool("test_input_required_result_request_state", "{}");

        var last = client.at(two.uri("/")).call("tools/call", """
                {"name": "test_input_required_result_request_state", "arguments": {}, "requestState": "%s", "inputResponses": {"confirm": {"action": "accept", "content": {"ok": true}}}}"""
                .formatted(first.get("requestState").asString()));

        assertThat(last.at("/content/0/text").asString()).contains("state-ok");
    }

    @Test
    @Order(4)
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void aTypeThatAWorkerRegistersAtOneNodeIsToldToClientsOfTheOther() throws Exception {
        var modern = McpClient.modern(two.uri("/"), "{}");
        var handshaken = McpClient.handshaken(two.uri("/"), "2025-06-18", "{}");
        try (var listening = modern.open("subscriptions/listen", "{\"notifications\": {\"toolsListChanged\": true}}");
             var standing = handshaken.listen(null, "")) {
            listening.until("notifications/subscriptions/acknowledged");
            register("translate");
            listening.until("notifications/tools/list_changed");
            standing.until("notifications/tools/list_changed");
        }
        assertThat(modern.call("tools/list", "{}").toString()).contains("\"translate\"");
        assertThat(handshaken.call("tools/list", "{}").toString()).contains("\"translate\"");
    }

    private static void register(String type) throws Exception {
        var request = HttpRequest.newBuilder(one.uri("/api/v1/workers")).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"name\": \"worker\", \"types\": [{\"type\": \"%s\"}]}"
                        .formatted(type))).build();
        assertThat(HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString()).statusCode())
                .isEqualTo(201);
    }

    @Test
    @Order(5)
    void aTaskOfAKilledNodeIsThereAtEveryMomentAndEndsThroughTheOther() throws Exception {
        var client = McpClient.modern(one.uri("/"), McpClient.TASKS);
        var id = client.tool("slow_compute", "{\"seconds\": 3, \"label\": \"survivor\"}").get("taskId").asString();
        one.kill();

        var seen = new HashSet<String>();
        var other = client.at(two.uri("/"));
        var task = other.call("tasks/get", "{\"taskId\": \"" + id + "\"}");
        for (var until = System.nanoTime() + 60_000_000_000L; !task.get("status").asString().equals("completed")
                && System.nanoTime() < until; ) {
            task = other.call("tasks/get", "{\"taskId\": \"" + id + "\"}");
            seen.add(task.get("status").asString());
        }

        assertThat(seen).isSubsetOf("working", "completed").contains("completed");
        assertThat(task.at("/result/structuredContent/output/text").asString()).isEqualTo("computed survivor");
    }
}
