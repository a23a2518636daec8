package dev.longhaul.metrics;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// An OTLP collector that decodes as much protobuf as the tests need.
final class Collector implements AutoCloseable {

    private final HttpServer server;
    private final List<Span> spans = new CopyOnWriteArrayList<>();

    /// @param parent empty: root span
    record Span(String trace, String id, String parent, String name) {}

    Collector() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", exchange -> {
            for (var resource : parse(exchange.getRequestBody().readAllBytes()).getOrDefault(1, List.of())) {
                for (var scope : parse(resource).getOrDefault(2, List.of())) {
                    parse(scope).getOrDefault(2, List.of()).stream().map(Collector::span).forEach(spans::add);
                }
            }
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    List<Span> spans() {
        return spans;
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/v1/traces";
    }

    private static Span span(byte[] message) {
        var fields = parse(message);
        return new Span(hex(fields, 1), hex(fields, 2), hex(fields, 4),
                new String(fields.get(5).getFirst(), StandardCharsets.UTF_8));
    }

    private static String hex(Map<Integer, List<byte[]>> fields, int number) {
        return fields.containsKey(number) ? HexFormat.of().formatHex(fields.get(number).getFirst()) : "";
    }

    /// The length-delimited fields of a message, by number.
    private static Map<Integer, List<byte[]>> parse(byte[] message) {
        var fields = new HashMap<Integer, List<byte[]>>();
        var position = new int[1];
        while (position[0] < message.length) {
            var key = number(message, position);
            switch ((int) key & 7) {
                case 0 -> number(message, position);
                case 1 -> position[0] += 8;
                case 5 -> position[0] += 4;
                case 2 -> {
                    var length = (int) number(message, position);
                    var from = position[0];
                    position[0] += length;
                    fields.computeIfAbsent((int) (key >>> 3), _ -> new ArrayList<>())
                            .add(Arrays.copyOfRange(message, from, from + length));
                }
                default -> throw new IllegalStateException("no protobuf");
            }
        }
        return fields;
    }

    private static long number(byte[] message, int[] position) {
        var number = 0L;
        for (var shift = 0; ; shift += 7) {
            var next = message[position[0]++];
            number |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return number;
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
