package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import java.io.IOException;
import java.net.URI;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

/// What a client of 2026-07-28 meets that follows tasks, and one that does not.
@LonghaulTest
class TasksExtensionTest {

    @LocalServerPort
    int port;
    @Autowired
    JdbcClient sql;
    private McpClient client;
    private McpClient plain;

    @BeforeEach
    void connect() {
        client = McpClient.modern(URI.create("http://127.0.0.1:" + port), McpClient.TASKS);
        plain = McpClient.modern(URI.create("http://127.0.0.1:" + port), "{}");
    }

    @Test
    void everyTaskIsAToolWhoseAnswerFitsItsSchema() throws Exception {
        var tools = client.call("tools/list", "{}").get("tools");
        var tool = StreamSupport.stream(tools.spliterator(), false)
                .filter(one -> one.get("name").asString().equals("slow_compute")).findAny().orElseThrow();
        assertThat(tool.at("/inputSchema/required").toString()).isEqualTo("[\"seconds\"]");
        assertThat(tool.at("/outputSchema/properties/output/anyOf/0/properties/text/type").asString())
                .isEqualTo("string");
        assertThat(tool.at("/annotations/readOnlyHint").asBoolean()).isTrue();

        var result = plain.tool("slow_compute", "{\"seconds\": 0, \"label\": \"it\"}");

        assertThat(result.at("/structuredContent/output/text").asString()).isEqualTo("computed it");
        assertThat(result.at("/structuredContent/status").asString()).isEqualTo("completed");
        assertThat(result.at("/content/0/text").asString()).isEqualTo(result.get("structuredContent").toString());
    }

    @Test
    void aTaskIsThereBeforeItsClientHearsOfItAndEndsWithTheCallsResult() throws Exception {
        var created = client.tool("slow_compute", "{\"seconds\": 0.2, \"label\": \"a task\"}");

        assertThat(created.get("resultType").asString()).isEqualTo("task");
        var id = created.get("taskId").asString();
        assertThat(task(id).get("taskId").asString()).isEqualTo(id);
        await().until(() -> task(id).get("status").asString().equals("completed"));
        assertThat(task(id).at("/result/structuredContent/output/text").asString()).isEqualTo("computed a task");
    }

    @Test
    void whoHasToWaitLongIsToldHowToGoOn() throws Exception {
        var answer = plain.tool("slow_compute", "{\"seconds\": 60}").get("structuredContent");

        assertThat(answer.get("status").asString()).isEqualTo("running");
        assertThat(answer.get("next").asString()).contains("wait_for_task");
        var id = answer.get("operation_id").asString();
        plain.tool("cancel_task", "{\"operation_id\": \"" + id + "\"}");
        var waited = plain.tool("wait_for_task", "{\"operation_id\": \"" + id + "\", \"timeout_seconds\": 30}");
        assertThat(waited.at("/structuredContent/data/status").asString()).isEqualTo("cancelled");
        assertThat(plain.tool("retry_task", "{\"operation_id\": \"" + id + "\"}").at("/structuredContent/data/state")
                .asString()).isEqualTo("pending");
        client.call("tasks/cancel", "{\"taskId\": \"" + id + "\"}");
    }

    @Test
    void progressGrowsOnTheCallsOwnStream() throws Exception {
        try (var talk =
                plain.open("tools/call",
                "{\"name\": \"slow_compute\", \"arguments\": {\"seconds\": 1}, \"_meta\": {\"progressToken\": "
                + "\"mine\"}}")) {
            var said = talk.until("answer");

            var progress = said.subList(0, said.size() - 1);
            assertThat(progress).hasSizeGreaterThan(2)
                    .allSatisfy(message -> assertThat(message.at("/params/progressToken").asString())
                    .isEqualTo("mine"));
            assertThat(progress).extracting(message -> message.at("/params/progress").asDouble()).isSorted()
                    .doesNotHaveDuplicates();
            assertThat(said.getLast().at("/result/structuredContent/status").asString()).isEqualTo("completed");
        }
    }

    @Test
    void closingTheStreamCancelsTheCallsOperationButNoTask() throws Exception {
        var task = client.tool("slow_compute", "{\"seconds\": 3}").get("taskId").asString();
        try (var talk =
                plain.open("tools/call",
                "{\"name\": \"slow_compute\", \"arguments\": {\"seconds\": 600, \"label\": \"closed\"}, \"_meta\": "
                + "{\"progressToken\": 1}}")) {
            talk.until("notifications/progress");
        }

        await().until(() ->
                sql.sql("select cancel_requested_at is not null from operation where input ->> 'label' = 'closed'")
                .query(Boolean.class).single());
        assertThat(sql.sql("select count(*) from operation_history where reason = 'its client closed the stream "
                + "of the call'").query(Long.class).single()).isPositive();
        await().until(() -> task(task).get("status").asString().equals("completed"));
    }

    @Test
    void aQuestionIsAskedAndAnsweredOnceThroughTheTask() throws Exception {
        var id = client.tool("multi_input", "{}").get("taskId").asString();
        await().until(() -> task(id).path("inputRequests").size() == 2);
        assertThat(McpClient.modern(URI.create("http://127.0.0.1:" + port),
                "{\"extensions\": {\"io.modelcontextprotocol/tasks\": {}}}")
                .call("tasks/get", "{\"taskId\": \"" + id + "\"}").get("status").asString())
                .as("for a client that cannot ask").isEqualTo("working");

        answer(id, "first", "{\"action\": \"accept\", \"content\": {\"name\": \"Ann\", \"confirm\": true}}");
        answer(id, "first", "{\"action\": \"accept\", \"content\": {\"name\": \"Ben\", \"confirm\": true}}");
        answer(id, "nobody asked", "{\"action\": \"accept\", \"content\": {}}");
        assertThat(task(id).get("inputRequests").propertyNames()).containsExactly("second");
        assertThat(client.refused("tasks/update", "{\"taskId\": \"" + id
                + "\", \"inputResponses\": {\"second\": {\"action\": \"accept\", \"content\": {\"name\": 7}}}}")
                .get("code").asInt()).isEqualTo(-32602);
        answer(id, "second", "{\"action\": \"accept\", \"content\": {\"name\": \"Cid\", \"confirm\": true}}");

        await().until(() -> task(id).get("status").asString().equals("completed"));
        assertThat(task(id).at("/result/structuredContent/output/text").asString()).isEqualTo("Ann and Cid");
    }

    @Test
    void whoDeclinesWithoutAFallbackEndsTheOperation() throws Exception {
        var id = client.tool("multi_input", "{}").get("taskId").asString();
        await().until(() -> task(id).path("inputRequests").size() == 2);

        answer(id, "first", "{\"action\": \"cancel\"}");
        assertThat(task(id).path("inputRequests").size()).as("dismissed, and still open").isEqualTo(2);
        answer(id, "first", "{\"action\": \"decline\"}");

        assertThat(task(id).get("status").asString()).isEqualTo("cancelled");
    }

    @Test
    void aClientThatFollowsNoTasksIsAskedByAnotherRound() throws Exception {
        var asking = McpClient.modern(URI.create("http://127.0.0.1:" + port), "{\"elicitation\": {}}");
        var first = asking.tool("confirm_delete", "{\"filename\": \"old.txt\"}");
        assertThat(first.at("/inputRequests/delete/params/message").asString()).contains("Delete old.txt?")
                .contains("high");

        var state = first.get("requestState").asString();
        var params =
                "{\"name\": \"confirm_delete\", \"arguments\": {\"filename\": \"%s\"}, \"requestState\": \"%s\", "
                + "\"inputResponses\": {\"delete\": {\"action\": \"accept\", \"content\": {\"confirm\": true}}}}";
        assertThat(asking.refused("tools/call", params.formatted("old.txt", state + "x")).get("code").asInt())
                .isEqualTo(-32602);
        assertThat(asking.refused("tools/call", params.formatted("other.txt", state)).get("code").asInt())
                .as("a state of another call").isEqualTo(-32602);
        var last = asking.call("tools/call", params.formatted("old.txt", state));

        assertThat(last.at("/structuredContent/output/text").asString()).isEqualTo("deleted old.txt");
        assertThat(sql.sql("select source from operation_history where event = 'answered' and reason = "
                + "'answered delete' order by at desc limit 1").query(String.class).single())
                .isEqualTo("mcp");
    }

    @Test
    void whoCanAskNobodyIsToldToHaveAPersonAnswer() throws Exception {
        var answer = plain.tool("confirm_delete", "{\"filename\": \"x\"}").get("structuredContent");
        assertThat(answer.get("next").asString()).contains("Delete x?").contains("provide_input");

        var id = answer.get("operation_id").asString();
        var asked = plain.tool("provide_input", "{\"operation_id\": \"" + id + "\"}").at("/structuredContent/data");
        assertThat(asked.get("status").asString()).isEqualTo("authorization_requested");
        assertThat(asked.at("/input_requests/0/hil_type").asString()).isEqualTo("authorization");
        plain.tool("provide_input", "{\"operation_id\": \"" + id + "\", \"answer\": {\"confirm\": false}}");

        assertThat(plain.tool("wait_for_task", "{\"operation_id\": \"" + id + "\"}")
                .at("/structuredContent/data/output/text").asString()).isEqualTo("kept x");
    }

    @Test
    void aListenerHearsOfItsTasksAndResourcesAndOfNothingElse() throws Exception {
        var id = client.tool("slow_compute", "{\"seconds\": 1.5}").get("taskId").asString();
        client.tool("slow_compute", "{\"seconds\": 1}");
        try (var talk = client.open("subscriptions/listen",
                ("{\"notifications\": {\"taskIds\": [\"%1$s\", \"gone\"], \"resourceSubscriptions\": "
                + "[\"longhaul://operations/%1$s\"]}}").formatted(id))) {
            var acknowledged = talk.next();
            assertThat(acknowledged.at("/params/notifications/taskIds").toString()).isEqualTo("[\"" + id + "\"]");
            var last = talk.next();
            var updated = false;
            while (!last.at("/params/status").asString("").equals("completed")) {
                assertThat(last.at("/params/taskId").asString(id)).isEqualTo(id);
                assertThat(last.at("/params/_meta/io.modelcontextprotocol~1subscriptionId"))
                        .isEqualTo(acknowledged.at("/params/_meta/io.modelcontextprotocol~1subscriptionId"));
                updated |= last.get("method").asString().equals("notifications/resources/updated");
                last = talk.next();
            }
            assertThat(updated).isTrue();
            assertThat(last.at("/params/result/structuredContent/status").asString()).isEqualTo("completed");
        }
    }

    @Test
    void anIdempotencyKeyInTheMetadataMakesOneTaskOfTwoCalls() throws Exception {
        var call = "{\"name\": \"slow_compute\", \"arguments\": {\"seconds\": 0}, \"_meta\": "
                + "{\"dev.longhaul/idempotencyKey\": \"once\"}}";

        assertThat(client.call("tools/call", call).get("taskId"))
                .isEqualTo(client.call("tools/call", call).get("taskId"));
        assertThat(client.call("tools/call", call.replace("0}", "1}")).at("/content/0/text").asString())
                .contains("was used for another request");
    }

    @Test
    void theTraceOfTheCallIsTheOperations() throws Exception {
        var id = client.call("tools/call",
                "{\"name\": \"slow_compute\", \"arguments\": {\"seconds\": 0}, \"_meta\": {\"traceparent\": "
                + "\"00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01\"}}")
                .get("taskId").asString();

        assertThat(sql.sql("select trace_parent from operation where id = :id::uuid").param("id", id)
                .query(String.class).single()).contains("0af7651916cd43dd8448eb211c80319c");
    }

    private JsonNode task(String id) throws IOException, InterruptedException {
        return client.call("tasks/get", "{\"taskId\": \"" + id + "\"}");
    }

    private void answer(String id, String question, String response) throws IOException, InterruptedException {
        client.call("tasks/update", "{\"taskId\": \"%s\", \"inputResponses\": {\"%s\": %s}}".formatted(id, question,
                response));
    }
}
