package dev.longhaul.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.HttpURLConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// MCP over stdin and stdout, for clients that start a command instead of calling a URL: every line is one JSON-RPC
/// message, sent on to `POST /mcp`, and whatever comes back is a line. The bridge understands no method; it only knows
/// which revision and session the client and the service have agreed on, since over HTTP these are headers.
@CommandLine.Command(name = "mcp", description =
        {"Speak MCP over stdin and stdout, for desktop clients that start commands. In the client's configuration:",
        "  {\"mcpServers\": {\"longhaul\": {\"command\": \"longhaul\", \"args\": [\"mcp\"]}}}"})
class McpBridge extends ServiceCommand {

    private static final Duration SILENCE = Duration.ofMinutes(30);
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int LOSSES = 120;   // one after the other: a service that is away for two minutes
    private static final String META_REVISION = "io.modelcontextprotocol/protocolVersion";

    private final PrintStream out = System.out;
    private volatile @Nullable String revision;
    private volatile @Nullable String session;

    @Override
    public Integer call() throws IOException {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (var requests = Executors.newVirtualThreadPerTaskExecutor()) {   // its end waits for all answers
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                var text = line;
                if (text.isBlank()) {
                    continue;
                }
                var message = parsed(text);
                if (message == null || message.path("method").asString("").equals("initialize")) {
                    carry(text, message);   // what follows the handshake needs what it agrees on
                } else {
                    requests.submit(() -> carry(text, message));
                }
            }
        }
        leave();
        return ExitCode.DONE;
    }

    private static @Nullable JsonNode parsed(String line) {
        try {
            return ApiClient.json.readTree(line);
        } catch (JacksonException broken) {
            return null;   // the service says what is wrong with it
        }
    }

    private void carry(String line, @Nullable JsonNode message) {
        try {
            var exchange = api().open("POST", "/mcp", SILENCE);
            exchange.setRequestProperty("Accept", "application/json, text/event-stream");
            agree(exchange, message);
            ApiClient.write(exchange, new ApiClient.Content("application/json", line.getBytes(StandardCharsets.UTF_8)));
            answer(exchange, message);
        } catch (IOException away) {
            fail(message, CliError.unreachable(api().service().toString(), away).getMessage());
        }
    }

    private void agree(HttpURLConnection exchange, @Nullable JsonNode message) {
        var meta = message == null ? "" : message.path("params").path("_meta").path(META_REVISION).asString("");
        var agreed = meta.isEmpty() ? revision : meta;
        if (agreed != null) {
            exchange.setRequestProperty("MCP-Protocol-Version", agreed);
        }
        if (session != null) {
            exchange.setRequestProperty("Mcp-Session-Id", session);
        }
        if (!meta.isEmpty()) {
            exchange.setRequestProperty("Mcp-Method", message.path("method").asString(""));
            var name = message.path("params").path("name").asString(message.path("params").path("uri")
                    .asString(message.path("params").path("taskId").asString("")));
            if (!name.isEmpty()) {
                exchange.setRequestProperty("Mcp-Name", name);
            }
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
            tell(text, message, exchange);
        } else if (status >= 300) {
            fail(message, "the service answered " + status);
        }
    }

    /// A stream that the service gives back before the answer, or that breaks, is gone on with where it was.
    private void follow(HttpURLConnection first, @Nullable JsonNode request) throws IOException {
        var stream = new Stream();
        var exchange = first;
        while (!stream.read(exchange, request) && request != null && request.has("id")) {
            if (stream.place == null) {
                fail(request, "the stream ended without an answer");
                return;
            }
            exchange = comeBack(stream.place);
            if (exchange.getResponseCode() != 200) {
                fail(request, "the service answered " + exchange.getResponseCode() + " to who came back for the rest");
                return;
            }
        }
    }

    private HttpURLConnection listen() throws IOException {
        var exchange = api().open("GET", "/mcp", SILENCE);
        exchange.setRequestProperty("Accept", "text/event-stream");
        agree(exchange, null);
        return exchange;
    }

    private HttpURLConnection comeBack(String place) throws IOException {
        for (var losses = 1; ; losses++) {
            LockSupport.parkNanos(PAUSE.toNanos());
            try {
                var exchange = listen();
                exchange.setRequestProperty("Last-Event-ID", place);
                if (exchange.getResponseCode() < 500 || losses == LOSSES) {
                    return exchange;
                }
            } catch (IOException away) {
                if (losses == LOSSES) {
                    throw away;
                }
            }
        }
    }

    private final class Stream {

        private @Nullable String place;   // of the last event that had one

        /// @return whether the request was answered
        boolean read(HttpURLConnection exchange, @Nullable JsonNode request) throws IOException {
            var isAnswered = false;
            try (var lines =
                    new BufferedReader(new InputStreamReader(exchange.getInputStream(), StandardCharsets.UTF_8))) {
                for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                    if (line.startsWith("id:")) {
                        place = line.substring(3).strip();
                    } else if (line.startsWith("data:") && !line.substring(5).isBlank()) {
                        var text = line.substring(5).strip();
                        var said = parsed(text);
                        isAnswered |= said != null && request != null && said.has("id") && !said.has("method")
                                && said.path("id").equals(request.path("id"));
                        tell(text, request, exchange);
                    }
                }
            } catch (IOException broken) {
                if (place == null) {
                    throw broken;
                }
            }
            return isAnswered;
        }
    }

    private void tell(String text, @Nullable JsonNode request, HttpURLConnection exchange) {
        var answer = ApiClient.parsed(text);
        if (request != null && answer != null && request.path("method").asString("").equals("initialize")
                && answer.has("result")) {
            revision = answer.path("result").path("protocolVersion").asString(null);
            session = exchange.getHeaderField("Mcp-Session-Id");
            if (session != null) {
                Thread.ofVirtual().start(this::hear);
            }
        }
        reply(answer == null ? text : ApiClient.json.writeValueAsString(answer));
    }

    /// What the service says by itself, to clients that have a session.
    private void hear() {
        try {
            var exchange = listen();
            if (exchange.getResponseCode() == 200) {
                new Stream().read(exchange, null);
            }
        } catch (IOException away) {
            // it has nothing to say by itself, or is away: requests will tell
        }
    }

    /// A request must be answered, also when nobody is there who could.
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

    private void leave() {
        if (session != null) {
            try {
                var exchange = api().open("DELETE", "/mcp", Duration.ofSeconds(2));
                agree(exchange, null);
                exchange.getResponseCode();
            } catch (IOException gone) {
                // then the session has ended too
            }
        }
    }
}
