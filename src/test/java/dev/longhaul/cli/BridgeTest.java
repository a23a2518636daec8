package dev.longhaul.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import dev.longhaul.Shell;
import io.modelcontextprotocol.client.McpClient;
import io.modelcontextprotocol.client.transport.ServerParameters;
import io.modelcontextprotocol.client.transport.StdioClientTransport;
import io.modelcontextprotocol.json.McpJsonDefaults;
import io.modelcontextprotocol.spec.McpSchema;
import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.json.JsonMapper;

/// `longhaul mcp` connects MCP clients that start commands.
@LonghaulTest
class BridgeTest {

    @LocalServerPort
    int port;

    @Test
    void aRealClientShakesHandsListsToolsAndStartsAnOperation() {
        var shell = new Shell(URI.create("http://127.0.0.1:" + port));
        var command = shell.command(false, "mcp");
        var server = ServerParameters.builder(command.getFirst()).args(command.subList(1, command.size()))
                .env(Map.of("LONGHAUL_URL", "http://127.0.0.1:" + port)).build();

        try (var client = McpClient.sync(new StdioClientTransport(server, McpJsonDefaults.getMapper())).build()) {
            var greeting = client.initialize();
            var tools = client.listTools().tools().stream().map(McpSchema.Tool::name).toList();
            var started = client.callTool(new McpSchema.CallToolRequest("start_long_task",
                    Map.of("task_type", "simulation", "duration_seconds", 0.1, "steps", 1)));

            assertThat(greeting.serverInfo().name()).isEqualTo("longhaul");
            assertThat(tools).contains("start_long_task", "get_task_progress");
            assertThat(((McpSchema.TextContent) started.content().getFirst()).text()).contains("operation_id");
        }
    }

    /// The service ends the stream of a call after a second here, and the bridge resumes it.
    @Test
    void aCallThatOutlivesItsStreamIsAnswered() throws Exception {
        var shell = new Shell(URI.create("http://127.0.0.1:" + port));
        var said = shell.longhaulReading("""
                {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {"protocolVersion": "2025-11-25", \
                "capabilities": {}, "clientInfo": {"name": "slow", "version": "1"}}}
                {"jsonrpc": "2.0", "method": "notifications/initialized"}
                {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "simulation", "arguments": \
                {"duration_seconds": 4, "steps": 2}, "_meta": {"progressToken": "p"}}}
                """, "mcp").out().lines().map(JsonMapper.shared()::readTree).toList();

        assertThat(said).allSatisfy(message -> assertThat(message.path("jsonrpc").asString()).isEqualTo("2.0"));
        assertThat(said.stream().filter(message -> message.path("id").asInt() == 2)).singleElement()
                .satisfies(answer -> assertThat(answer.at("/result/isError").asBoolean()).as(answer.toString())
                        .isFalse());
    }

    @Test
    void aCallOfTheNewestRevisionRepeatsItsMarkedArgumentsInHeaders() {
        var shell = new Shell(URI.create("http://127.0.0.1:" + port));
        var called = shell.longhaulReading("""
                {"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": {"name": "test_routed", "arguments": \
                {"region": "Köln"}, "_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28", \
                "io.modelcontextprotocol/clientInfo": {"name": "bridge", "version": "1"}, \
                "io.modelcontextprotocol/clientCapabilities": {}}}}
                """, "mcp").text();

        assertThat(JsonMapper.shared().readTree(called).at("/result/content/0/text").asString()).as(called)
                .isEqualTo("in Köln");
    }

    @Test
    void withoutAServiceEveryRequestIsAnsweredWithAnError() throws Exception {
        var nobody = new Shell(URI.create("http://127.0.0.1:1"));
        var answer =
                nobody.longhaulReading("{\"jsonrpc\": \"2.0\", \"id\": 7, \"method\": \"ping\"}\n{\"jsonrpc\": "
                + "\"2.0\", \"method\": \"notifications/cancelled\"}\n", "mcp");

        assertThat(answer.exit()).isZero();
        assertThat(answer.out().lines()).singleElement().satisfies(line -> {
            var error = JsonMapper.shared().readTree(line);
            assertThat(error.get("id").asInt()).isEqualTo(7);
            assertThat(error.at("/error/message").asString()).contains("cannot reach http://127.0.0.1:1");
        });
    }
}
