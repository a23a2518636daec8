package dev.longhaul.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Labels;
import dev.longhaul.operation.Submission;
import dev.longhaul.store.OperationStore;
import dev.longhaul.tool.Tool;
import dev.longhaul.tool.ToolCatalog;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// What a client of 2026-07-28 meets besides tasks: metadata and headers that have to agree, what can be read, who may
/// see what, tools of users.
@LonghaulTest
class StatelessTest {

    private static final JsonMapper json = new JsonMapper();
    private static final String META =
            "\"_meta\": {\"io.modelcontextprotocol/protocolVersion\": \"2026-07-28\", "
            + "\"io.modelcontextprotocol/clientCapabilities\": {}}";

    @LocalServerPort
    int port;
    @Autowired
    OperationStore store;
    @Autowired
    ToolCatalog catalog;
    private McpClient client;

    @BeforeEach
    void connect() {
        client = McpClient.modern(URI.create("http://127.0.0.1:" + port), McpClient.TASKS);
    }

    @Test
    void headersAndMetadataHaveToAgree() throws Exception {
        var call = "{\"jsonrpc\": \"2.0\", \"id\": 1, \"method\": \"tools/call\", \"params\": {\"name\": \"greet\", "
                + "\"arguments\": {\"name\": \"Ann\"}, " + META + "}}";
        assertRefused(call, headers(), 200, null);
        assertRefused(call, headers("Mcp-Name", "=?base64?Z3JlZXQ=?="), 200, null);
        assertRefused(call, headers("Mcp-Name", "=?base64?Z3JlZXQ?="), 400, -32020);
        assertRefused(call, headers("Mcp-Name", "other"), 400, -32020);
        assertRefused(call, headers("Mcp-Name", null), 400, -32020);
        assertRefused(call, headers("Mcp-Method", "TOOLS/CALL"), 400, -32020);
        assertRefused(call, headers("Mcp-Method", null), 400, -32020);
        assertRefused(call, headers("MCP-Protocol-Version", null), 400, -32020);
        assertRefused(call, headers("MCP-Protocol-Version", "2025-11-25"), 400, -32020);
        assertRefused(call.replace(META, "\"_meta\": {}"), headers(), 400, -32602);
        assertRefused(call.replace(META, META.replace("{}", "7")), headers(), 400, -32602);
        var unknown = assertRefused(call.replace("2026-07-28", "2031-01-01"),
                headers("MCP-Protocol-Version", "2031-01-01"), 400, -32022);
        assertThat(unknown.at("/data/requested").asString()).isEqualTo("2031-01-01");
        assertThat(unknown.at("/data/supported").toString())
                .isEqualTo("[\"2026-07-28\",\"2025-11-25\",\"2025-06-18\",\"2025-03-26\",\"2024-11-05\"]");
        var routed = call.replace("greet", "test_routed").replace("\"name\": \"Ann\"", "\"region\": \"eu\"");
        assertRefused(routed, headers("Mcp-Name", "test_routed", "Mcp-Param-Region", "eu"), 200, null);
        assertRefused(routed, headers("Mcp-Name", "test_routed", "Mcp-Param-Region", "us"), 400, -32020);
        assertRefused(routed, headers("Mcp-Name", "test_routed"), 400, -32020);
    }

    @Test
    void whatIsNotThereOrCannotBeIsRefusedByItsCode() throws Exception {
        for (var gone : List.of("initialize", "ping", "logging/setLevel", "resources/subscribe", "tasks/result",
                "tasks/list", "wash/dishes")) {
            try (var talk = client.open(gone, "{}")) {
                assertThat(talk.status()).as(gone).isEqualTo(404);
                assertThat(talk.answer().at("/error/code").asInt()).isEqualTo(-32601);
            }
        }
        var undeclared = McpClient.modern(URI.create("http://127.0.0.1:" + port), "{}");
        assertThat(undeclared.refused("tasks/get", "{\"taskId\": \"x\"}").at("/data/requiredCapabilities/extensions")
                .has("io.modelcontextprotocol/tasks")).isTrue();
        assertThat(undeclared.refused("tools/call", "{\"name\": \"failing_job\", \"arguments\": {}}").get("code")
                .asInt()).isEqualTo(-32021);
        assertThat(undeclared.refused("tools/call", "{\"name\": \"test_missing_capability\", \"arguments\": {}}")
                .at("/data/requiredCapabilities").toString()).isEqualTo("{\"sampling\":{}}");
        for (var bad : Map.of("tasks/get", "{\"taskId\": 7}", "tasks/update",
                "{\"taskId\": \"01a20923-0ed0-73f3-acba-03587e229145\", \"inputResponses\": {}}",
                "tools/list", "{\"cursor\": \"x\"}", "resources/list", "{\"cursor\": \"x\"}", "prompts/get",
                "{\"name\": \"x\"}", "completion/complete", "{}",
                "resources/read", "{\"uri\": \"longhaul://operations/x\"}", "subscriptions/listen", "{}").entrySet()) {
            assertThat(client.refused(bad.getKey(), bad.getValue()).get("code").asInt()).as(bad.toString())
                    .isEqualTo(-32602);
        }
        for (var bad : List.of("{\"seconds\": \"long\"}", "{\"seconds\": 1e400}",
                "{\"seconds\": 0, \"label\": \"a\\u0000\"}", "{\"colour\": 1}")) {
            assertThat(client.tool("slow_compute", bad).get("isError").asBoolean()).as(bad).isTrue();
        }
    }

    @Test
    void whatAToolMeansToSayIsToldAndADefectIsNot() throws Exception {
        assertThat(client.tool("test_error_handling", "{}").at("/content/0/text").asString())
                .isEqualTo("This tool intentionally returns an error for testing");
        var defect = client.tool("test_defect", "{}");
        assertThat(defect.get("isError").asBoolean()).isTrue();
        assertThat(defect.at("/content/0/text").asString()).startsWith("the tool failed")
                .doesNotContain("dev.longhaul");
    }

    @Test
    void whatCanBeReadIsListedReadAndCompleted() throws Exception {
        var discovered = client.call("server/discover", "{}");
        assertThat(discovered.at("/capabilities/extensions").has("io.modelcontextprotocol/tasks")).isTrue();
        assertThat(discovered.at("/_meta/io.modelcontextprotocol~1serverInfo/name").asString()).isEqualTo("longhaul");
        var id = client.tool("slow_compute", "{\"seconds\": 0, \"label\": \"to read\"}").get("taskId").asString();
        await().until(() -> client.call("tasks/get", "{\"taskId\": \"" + id + "\"}").get("status").asString()
                .equals("completed"));

        assertThat(client.call("resources/list", "{}").toString())
                .contains("longhaul://queues", "longhaul://operations/" + id);
        assertThat(client.call("resources/templates/list", "{}").toString())
                .contains("longhaul://operations/{id}/history", "longhaul://operations/{id}/output");
        assertThat(read("longhaul://operations/" + id).get("type").asString()).isEqualTo("slow_compute");
        assertThat(read("longhaul://operations/" + id + "/output").get("text").asString())
                .isEqualTo("computed to read");
        assertThat(read("longhaul://operations/" + id + "/history").get("events").valueStream()
                .map(event -> event.get("to_status").asString())).contains("pending", "running", "completed");
        assertThat(read("longhaul://queues").get("queues").isArray()).isTrue();
        assertThat(client.call("prompts/list", "{}").toString())
                .contains("investigate_failure", "summarise_last_night");
        assertThat(client.call("prompts/get", "{\"name\": \"investigate_failure\", \"arguments\": {\"operation_id\": \""
                + id + "\"}}").get("messages")).hasSize(3);
        assertThat(client.call("prompts/get", "{\"name\": \"summarise_last_night\"}").toString()).contains(id);
        assertThat(complete("{\"type\": \"ref/resource\", \"uri\": \"longhaul://operations/{id}\"}", "id",
                id.substring(0, 30))).contains(id);
        assertThat(complete("{\"type\": \"ref/prompt\", \"name\": \"summarise_last_night\"}", "task_type", "csv"))
                .containsExactly("csv_import");
        assertThat(complete("{\"type\": \"ref/prompt\", \"name\": \"summarise_last_night\"}", "queue", "def"))
                .containsExactly("default");
    }

    private JsonNode read(String uri) throws Exception {
        return json.readTree(client.call("resources/read", "{\"uri\": \"" + uri + "\"}").at("/contents/0/text")
                .asString());
    }

    private List<String> complete(String ref, String name, String value) throws Exception {
        return client.call("completion/complete", "{\"ref\": %s, \"argument\": {\"name\": \"%s\", \"value\": \"%s\"}}"
                .formatted(ref, name, value))
                .at("/completion/values").valueStream().map(JsonNode::asString).toList();
    }

    @Test
    void whatARuleHidesLooksLikeWhatIsNotThere() throws Exception {
        var hidden = store.submit(Submission.of("slow_compute", json.readTree("{\"seconds\": 0}"))
                .withLabels(new Labels(List.of("hidden"), json.createObjectNode())), new Caller("ann", "test"))
                .operation().id().toString();

        assertThat(client.refused("tasks/get", "{\"taskId\": \"" + hidden + "\"}").get("message").asString())
                .startsWith("there is no task");
        assertThat(client.refused("tasks/cancel", "{\"taskId\": \"" + hidden + "\"}").get("code").asInt())
                .isEqualTo(-32602);
        for (var tool : List.of("get_task_progress", "get_task_result", "cancel_task", "retry_task", "provide_input",
                "wait_for_task")) {
            assertThat(client.tool(tool, "{\"operation_id\": \"" + hidden + "\"}").toString()).as(tool)
                    .contains("there is no operation " + hidden);
        }
        assertThat(client.tool("list_operations", "{}").toString()).doesNotContain(hidden);
        assertThat(client.call("resources/list", "{}").toString()).doesNotContain(hidden);
        assertThat(client.refused("resources/read", "{\"uri\": \"longhaul://operations/" + hidden + "\"}").get("code")
                .asInt()).isEqualTo(-32602);
    }

    @Test
    void aQuestionWithAPageIsForClientsThatOpenPages() throws Exception {
        var id = client.tool("sign_on_page", "{}").get("taskId").asString();
        var opening = McpClient.modern(URI.create("http://127.0.0.1:" + port),
                "{\"elicitation\": {\"url\": {}}, \"extensions\": {\"io.modelcontextprotocol/tasks\": {}}}");

        await().until(() -> opening.call("tasks/get", "{\"taskId\": \"" + id + "\"}")
                .at("/inputRequests/sign/params/url").asString("").equals("https://sign.example/1"));
        assertThat(client.call("tasks/get", "{\"taskId\": \"" + id + "\"}").get("status").asString())
                .as("for one that shows forms").isEqualTo("working");
        opening.call("tasks/update", "{\"taskId\": \"" + id
                + "\", \"inputResponses\": {\"sign\": {\"action\": \"accept\"}}}");
        // as the page would
        client.tool("provide_input", "{\"operation_id\": \"" + id + "\", \"answer\": {\"signature\": \"Ann\"}}");
        await().until(() -> opening.call("tasks/get", "{\"taskId\": \"" + id + "\"}")
                .at("/result/structuredContent/output/text").asString("").equals("Ann"));
    }

    @Test
    void thePrintedToolIsAddedWhileTheServiceRunsAndListenersHearOfIt() throws Exception {
        var page = Files.readString(Path.of("docs/mcp.md"));
        var begin = page.indexOf("```java\n") + 8;
        try (var listening = client.open("subscriptions/listen", "{\"notifications\": {\"toolsListChanged\": true}}")) {
            listening.until("notifications/subscriptions/acknowledged");
            catalog.add(compiled("dev.longhaul.example.CheckQueue", page.substring(begin, page.indexOf("```", begin))));
            listening.until("notifications/tools/list_changed");
        }

        assertThat(client.tool("check_queue", "{\"queue\": \"default\"}").at("/content/0/text").asString())
                .isEqualTo("default is doing well");
        var asked = client.tool("check_queue", "{}");
        assertThat(asked.at("/inputRequests/which/params/requestedSchema/properties/queue/type").asString())
                .isEqualTo("string");
        assertThat(client.call("tools/call",
                "{\"name\": \"check_queue\", \"arguments\": {}, \"inputResponses\": {\"which\": {\"action\": "
                + "\"accept\", \"content\": {\"queue\": \"emails\"}}}}")
                .at("/content/0/text").asString()).isEqualTo("emails is doing well");
        catalog.remove(ToolCatalog.Kind.TOOLS, "check_queue");
        assertThat(client.refused("tools/call", "{\"name\": \"check_queue\"}").get("code").asInt()).isEqualTo(-32602);
    }

    private static Tool<?, ?> compiled(String name, String source) throws Exception {
        var folder = Files.createTempDirectory(Files.createDirectories(Path.of("target", "printed")), "tool");
        var file = Files.writeString(folder.resolve(name.substring(name.lastIndexOf('.') + 1) + ".java"), source);
        var errors = new ByteArrayOutputStream();
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, errors, "-cp",
                System.getProperty("java.class.path"), "-d", folder.toString(), file.toString()))
                .as(errors.toString()).isZero();
        var classes = new URLClassLoader(new URL[] {folder.toUri().toURL()}, StatelessTest.class.getClassLoader());
        return (Tool<?, ?>) Class.forName(name, true, classes).getDeclaredConstructor().newInstance();
    }

    private static Map<String, String> headers(@Nullable String... changes) {
        var headers = new LinkedHashMap<>(Map.of("MCP-Protocol-Version", "2026-07-28", "Mcp-Method", "tools/call",
                "Mcp-Name", "greet"));
        for (var n = 0; n < changes.length; n += 2) {
            headers.remove(changes[n]);
            if (changes[n + 1] != null) {
                headers.put(changes[n], changes[n + 1]);
            }
        }
        return headers;
    }

    private JsonNode assertRefused(String body, Map<String, String> headers, int status, @Nullable Integer code)
            throws Exception {
        var answer = client.send(body, headers);
        var message = json.readTree(answer.body().readAllBytes());
        assertThat(answer.statusCode()).as("%s with %s: %s", body, headers, message).isEqualTo(status);
        if (code != null) {
            assertThat(message.at("/error/code").asInt()).as("%s with %s", body, headers).isEqualTo(code);
        }
        WireSchemas.requireValid(McpClient.NEWEST, "tools/call", message);
        return message.path("error");
    }
}
