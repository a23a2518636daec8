package dev.longhaul.builtin;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/// An HTTP server on loopback with scripted responses, which records the requests.
final class TestHttpServer implements AutoCloseable {

    record ReceivedRequest(String method, String path, Map<String, List<String>> headers, String body) {

        String header(String name) {
            return String.join(", ", headers.getOrDefault(name, List.of()));
        }

        @Override
        public String toString() {
            return method + " " + path;
        }
    }

    interface Response {
        void write(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final Map<String, Deque<Response>> responses = new ConcurrentHashMap<>();
    private final List<ReceivedRequest> requests = new CopyOnWriteArrayList<>();

    TestHttpServer() {
        try {
            server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            var path = exchange.getRequestURI().getPath();
            requests.add(new ReceivedRequest(exchange.getRequestMethod(), path, exchange.getRequestHeaders(),
                    new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8)));
            var sequence = responses.getOrDefault(path, new ArrayDeque<>(List.of(status(404, ""))));
            synchronized (sequence) {
                (sequence.size() > 1 ? sequence.poll() : sequence.peek()).write(exchange);
            }
            exchange.close();
        });
        server.start();
    }

    /// @param sequence responses in order; the last one repeats
    TestHttpServer respond(String path, Response... sequence) {
        responses.put(path, new ArrayDeque<>(List.of(sequence)));
        return this;
    }

    /// @param headers like `Retry-After: 1`
    static Response status(int status, String body, String... headers) {
        return exchange -> {
            for (var header : headers) {
                exchange.getResponseHeaders()
                        .add(header.substring(0, header.indexOf(':')), header.substring(header.indexOf(':') + 2));
            }
            var bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            if (bytes.length > 0) {
                exchange.getResponseBody().write(bytes);
            }
        };
    }

    static Response json(int status, String body, String... headers) {
        return exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            status(status, body.replace('\'', '"'), headers).write(exchange);
        };
    }

    List<ReceivedRequest> requests() {
        return requests;
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
