package dev.longhaul.cli;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/// Run once by the launcher to record the classes that commands load: runs commands against a stand-in HTTP server.
final class ClassCacheTraining {

    private static final String OPERATION = """
            {"operation_id": "01a20ad1-5707-763d-82cb-a20992295721", "type": "training", "queue": "default",
             "status": "completed", "progress": 100.0, "message": "done", "created_at": "2026-01-01T00:00:00Z",
             "updated_at": "2026-01-01T00:00:02Z", "finished_at": "2026-01-01T00:00:02Z", "elapsed_seconds": 1.5,
             "attempt": 1, "max_attempts": 5, "tags": ["a"], "metadata": {}, "output": {"n": 1}, "version": 3}"""
            .replace("\n", "");

    private ClassCacheTraining() {
    }

    public static void main(String[] args) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/api/v1/operations", ClassCacheTraining::answer);
        server.start();
        var url = "--url=http://127.0.0.1:" + server.getAddress().getPort();
        for (var form : new String[] {"table", "wide", "json"}) {
            LonghaulCommand.run("ls", url, "-o", form);
            LonghaulCommand.run("get", "one", url, "-o", form);
            LonghaulCommand.run("watch", "one", url, "-o", form);
        }
        LonghaulCommand.run("run", "training", url, "-i", "n=1");
        LonghaulCommand.run("result", "one", url);
        LonghaulCommand.run("events", "one", url);
        LonghaulCommand.run("--help");
        server.stop(0);
        System.exit(0);
    }

    private static void answer(HttpExchange exchange) throws IOException {
        var path = exchange.getRequestURI().getPath();
        var isStream = path.endsWith("/events");
        var body = isStream ? "id: 3\nevent: snapshot\ndata: " + OPERATION
                + "\n\nid: 3\nevent: done\ndata: {\"operation\": " + OPERATION + "}\n\n"
                : path.endsWith("/operations") && exchange.getRequestMethod().equals("GET") ? "{\"operations\": ["
                + OPERATION + "]}" : OPERATION;
        exchange.getResponseHeaders().set("Content-Type", isStream ? "text/event-stream" : "application/json");
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }
}
