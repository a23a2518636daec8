package dev.longhaul.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// A bridge from MCP over stdin and stdout to `POST /mcp`: every line is a JSON-RPC message. It knows the protocol
/// revision and the session of the handshake, because these are headers in HTTP, but no methods.
@CommandLine.Command(name = "mcp", description =
        {"Serve MCP over stdin and stdout, for desktop clients that start commands. In the client's configuration:",
        "  {\"mcpServers\": {\"longhaul\": {\"command\": \"longhaul\", \"args\": [\"mcp\"]}}}"})
class McpCommand extends ServiceCommand {

    private static final Duration SILENCE = Duration.ofMinutes(30);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int MOST_LOSSES = 120;   // in a row: two minutes without a service
    private static final String META_REVISION = "io.modelcontextprotocol/protocolVersion";

    private static final String LIST = "tools/list";

    private final PrintStream out = System.out;
    private final McpArgumentHeaders headers = new McpArgumentHeaders();
    private volatile @Nullable String revision;
    private volatile @Nullable String session;

    @Override
    public Integer call() throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (var requests = Executors.newVirtualThreadPerTaskExecutor()) {   // close() waits for all answers
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                var text = line;
                if (text.isBlank()) {
                    continue;
                }
                var message = parsed(text);
                if (message == null || message.path("method").asString("").equals("initialize")) {
                    forward(text, message);   // later messages need the revision and session of the handshake
                } else {
                    requests.submit(() -> forward(text, message));
                }
            }
        }
        endSession();
        return ExitCode.DONE;
    }

    private static @Nullable JsonNode parsed(String line) {
        try {
            return ApiClient.json.readTree(line);
        } catch (JacksonException broken) {
            return null;   // the service answers with the error
        }
    }

    private void forward(String line, @Nullable JsonNode message) {
        try {
            var exchange = api().open("POST", "/mcp", SILENCE);
            exchange.setRequestProperty("Accept", "application/json, text/event-stream");
            setHeaders(exchange, message);
            ApiClient.write(exchange, new ApiClient.Content("application/json", line.getBytes(StandardCharsets.UTF_8)));
            answer(exchange, message);
        } catch (IOException away) {
            fail(message, CliError.unreachable(api().service().toString(), away).getMessage());
        } catch (CliError away) {
            fail(message, String.valueOf(away.getMessage()));
        }
    }

    private void setHeaders(HttpURLConnection exchange, @Nullable JsonNode message) {
        var meta = message == null ? "" : message.path("params").path("_meta").path(META_REVISION).asString("");
        var agreedRevision = meta.isEmpty() ? revision : meta;
        if (agreedRevision != null) {
            exchange.setRequestProperty("MCP-Protocol-Version", agreedRevision);
        }
        if (session != null) {
            exchange.setRequestProperty("Mcp-Session-Id", session);
        }
        if (!meta.isEmpty()) {
            exchange.setRequestProperty("Mcp-Method", message.path("method").asString(""));
            var name = message.path("params").path("name").asString(message.path("params").path("uri")
                    .asString(message.path("params").path("taskId").asString("")));
            if (!name.isEmpty()) {
                exchange.setRequestProperty("Mcp-Name", McpArgumentHeaders.encoded(name));
            }
            if (message.path("method").asString("").equals("tools/call")) {
                learnSchema(name, message);
                headers.of(name, message.at("/params/arguments")).forEach(exchange::setRequestProperty);
            }
        }
    }

    /// Lists the tools if the client has not done so through this bridge.
    private void learnSchema(String tool, JsonNode call) {
        if (headers.isKnown(tool)) {
            return;
        }
        var list = ApiClient.json.createObjectNode().put("jsonrpc", "2.0").put("id", "tools").put("method", LIST);
        list.putObject("params").set("_meta", call.at("/params/_meta"));
        var answer = api().exchange("POST", "/mcp", Map.of("Accept", "application/json, text/event-stream",
                "MCP-Protocol-Version", call.at("/params/_meta").path(META_REVISION).asString(""), "Mcp-Method", LIST),
                ApiClient.Content.of(list), Duration.ofSeconds(30));
        if (answer.body() != null) {
            headers.learn(answer.body().path("result"));
        }
    }

    private void answer(HttpURLConnection exchange, @Nullable JsonNode message) throws IOException {
        var status = exchange.getResponseCode();
        if (String.valueOf(exchange.getContentType()).startsWith("text/event-stream")) {
            follow(exchange, message);
            return;
        }
        var text = ApiClient.read(exchange).strip();
        if (!text.isEmpty() && ApiClient.parsed(text) != null) {
            receive(text, message, exchange);
        } else if (status >= 300) {
            fail(message, "the service answered " + status);
        }
    }

    /// Resumes a stream that ends or breaks before the answer.
    private void follow(HttpURLConnection first, @Nullable JsonNode request) throws IOException {
        var stream = new Stream();
        var exchange = first;
        while (!stream.read(exchange, request) && request != null && request.has("id")) {
            if (stream.lastId == null) {
                fail(request, "the stream ended without an answer");
                return;
            }
            exchange = resume(stream.lastId);
            if (exchange.getResponseCode() != 200) {
                fail(request, "the service answered " + exchange.getResponseCode() + " to the resumed stream");
                return;
            }
        }
    }

    private HttpURLConnection listen() throws IOException {
        var exchange = api().open("GET", "/mcp", SILENCE);
        exchange.setRequestProperty("Accept", "text/event-stream");
        setHeaders(exchange, null);
        return exchange;
    }

    private HttpURLConnection resume(String lastId) throws IOException {
        for (var losses = 1; ; losses++) {
            LockSupport.parkNanos(PAUSE.toNanos());
            try {
                var exchange = listen();
                exchange.setRequestProperty("Last-Event-ID", lastId);
                if (exchange.getResponseCode() < 500 || losses == MOST_LOSSES) {
                    return exchange;
                }
            } catch (IOException away) {
                if (losses == MOST_LOSSES) {
                    throw away;
                }
            }
        }
    }

    private final class Stream {

        private @Nullable String lastId;

        /// @return whether the request was answered
        boolean read(HttpURLConnection exchange, @Nullable JsonNode request) throws IOException {
            var isAnswered = false;
            try (var lines =
                    new BufferedReader(new InputStreamReader(exchange.getInputStream(), StandardCharsets.UTF_8))) {
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("id:")) {
                        lastId = line.substring(3).strip();
                    } else if (line.startsWith("data:") && !line.substring(5).isBlank()) {
                        var text = line.substring(5).strip();
                        var received = parsed(text);
                        isAnswered |= received != null && request != null && received.has("id")
                                && !received.has("method")
                                && received.path("id").equals(request.path("id"));
                        receive(text, request, exchange);
                    }
                }
            } catch (IOException broken) {
                if (lastId == null) {
                    throw broken;
                }
            }
            return isAnswered;
        }
    }

    private void receive(String text, @Nullable JsonNode request, HttpURLConnection exchange) {
        var answer = ApiClient.parsed(text);
        if (request != null && answer != null && request.path("method").asString("").equals("initialize")
                && answer.has("result")) {
            revision = answer.path("result").path("protocolVersion").asString(null);
            session = exchange.getHeaderField("Mcp-Session-Id");
            if (session != null) {
                Thread.ofVirtual().start(this::readSessionStream);
            }
        }
        if (request != null && answer != null && request.path("method").asString("").equals(LIST)) {
            headers.learn(answer.path("result"));
        }
        reply(answer == null ? text : ApiClient.json.writeValueAsString(answer));
    }

    /// Messages that the service starts, to clients with a session.
    private void readSessionStream() {
        try {
            var exchange = listen();
            if (exchange.getResponseCode() == 200) {
                new Stream().read(exchange, null);
            }
        } catch (IOException away) {
            // the next request reports it
        }
    }

    /// A request is always answered, with an error if there is no service.
    private void fail(@Nullable JsonNode request, String why) {
        if (request != null && request.has("id") && request.has("method")) {
            var answer = ApiClient.json.createObjectNode().put("jsonrpc", "2.0");
            answer.set("id", request.path("id"));
            answer.putObject("error").put("code", -32603).put("message", why);
            reply(ApiClient.json.writeValueAsString(answer));
        } else {
            System.err.println(why);
        }
    }

    private synchronized void reply(String message) {
        out.println(message);
        out.flush();
    }

    private void endSession() {
        if (session != null) {
            try {
                var exchange = api().open("DELETE", "/mcp", Duration.ofSeconds(2));
                setHeaders(exchange, null);
                exchange.getResponseCode();
            } catch (IOException gone) {
                // the session ends with its service
            }
        }
    }
}
