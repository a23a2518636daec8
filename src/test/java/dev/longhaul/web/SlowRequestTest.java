package dev.longhaul.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.Service;
import dev.longhaul.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Clients that send their requests slowly.
class SlowRequestTest {

    private static final String SUBMISSION =
            "{\"type\": \"simulation\", \"input\": {\"duration_seconds\": 0, \"steps\": 1}}";
    private static Service service;

    @BeforeAll
    static void start() throws Exception {
        service = Service.start(TestDatabase.shared().fresh(), Service.freePort(), "--longhaul.web.request-timeout=2s")
                .awaitUp();
    }

    @AfterAll
    static void stop() throws Exception {
        service.close();
    }

    @Test
    void connectionsThatDribbleHeadersOrBodyAreClosed() throws Exception {
        var headers = "GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: ";
        var body = "POST /api/v1/operations HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                + "Content-Length: 100000\r\n\r\n";
        var slow = Stream.concat(IntStream.range(0, 50).mapToObj(_ -> open(headers)),
                IntStream.range(0, 50).mapToObj(_ -> open(body))).toList();

        await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(500)).until(() -> slow.stream()
                .allMatch(SlowRequestTest::isClosedAfterOneMoreByte));
        assertThat(service.get("/health").statusCode()).isEqualTo(200);
        for (var socket : slow) {
            socket.close();
        }
    }

    @Test
    void aLargeBodyAtAFairRateIsReadBeyondTheDeadline() throws Exception {
        var body = "{\"operations\": [" + IntStream.range(0, 400).mapToObj(_ -> SUBMISSION)
                .collect(Collectors.joining(",")) + "]}";
        try (var socket = open("POST /api/v1/operations:batchCreate HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Type: application/json\r\nConnection: close\r\nContent-Length: " + body.length()
                + "\r\n\r\n")) {
            var sent = new int[1];
            await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(500)).until(() -> {
                var next = Math.min(body.length(), sent[0] + 3_000);
                socket.getOutputStream().write(body.substring(sent[0], next).getBytes(StandardCharsets.UTF_8));
                sent[0] = next;
                return next == body.length();
            });
            assertThat(new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                    .startsWith("HTTP/1.1 202");
        }
    }

    @Test
    void connectionsThatStayOpenBetweenRequestsAndStreamsHaveNoDeadline() throws Exception {
        var request = "GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n";
        try (var kept = open(request); var stream = open("GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n");
                var slow = open("GET /health HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")) {
            await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(500))
                    .until(() -> isClosedAfterOneMoreByte(slow));
            assertThat(List.of(kept, stream)).allSatisfy(open -> {
                open.getInputStream().skipNBytes(open.getInputStream().available());
                open.setSoTimeout(1);
                assertThat(isAtItsEnd(open)).isFalse();
            });
            kept.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            kept.setSoTimeout(10_000);
            assertThat(new String(kept.getInputStream().readNBytes(12), StandardCharsets.UTF_8))
                    .isEqualTo("HTTP/1.1 200");
        }
    }

    private static Socket open(String request) {
        try {
            var socket = new Socket("127.0.0.1", service.port());
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            return socket;
        } catch (IOException refused) {
            throw new UncheckedIOException(refused);
        }
    }

    private static boolean isClosedAfterOneMoreByte(Socket socket) {
        try {
            socket.getOutputStream().write('x');
            socket.setSoTimeout(1);
            return isAtItsEnd(socket);
        } catch (IOException closed) {
            return true;
        }
    }

    private static boolean isAtItsEnd(Socket socket) throws IOException {
        try {
            return socket.getInputStream().read() < 0;
        } catch (SocketTimeoutException open) {
            return false;
        }
    }
}
