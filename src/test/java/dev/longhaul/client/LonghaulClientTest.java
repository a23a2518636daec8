package dev.longhaul.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.longhaul.LonghaulTest;
import dev.longhaul.client.RunningOperation.Progress;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.store.OperationStore;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;

/// A program starts an operation, follows it, takes its result, and gets clear errors.
@LonghaulTest
class LonghaulClientTest {

    record SimulationInput(double durationSeconds, int steps) {}

    record SimulationOutput(int stepsCompleted, String summary) {}

    @Autowired
    OperationStore store;
    private LonghaulClient client;

    @BeforeEach
    void connect(@Value("${local.server.port}") int port) {
        client = new LonghaulClient(URI.create("http://127.0.0.1:" + port + "/"));
    }

    @Test
    void joinReportsProgressAndReturnsTheTypedResult() throws Exception {
        var heard = new ArrayList<Progress>();

        var output = client.start("simulation", new SimulationInput(0.8, 4)).onProgress(heard::add)
                .join(SimulationOutput.class);

        assertThat(output).isEqualTo(new SimulationOutput(4, "Completed 4 steps successfully"));
        assertThat(heard).extracting(Progress::percent).isSorted().contains(50.0).endsWith(100.0);
        assertThat(heard).extracting(Progress::status).containsOnlyOnce("completed").endsWith("completed");
    }

    @Test
    void findReturnsTheResultOfAFinishedOperation() throws Exception {
        var operation = client.start("simulation", new SimulationInput(0, 2));
        var first = operation.join(SimulationOutput.class);

        assertThat(client.find(operation.id()).join(SimulationOutput.class)).isEqualTo(first).isNotNull();
    }

    @Test
    void theSameKeyReturnsTheSameOperation() throws Exception {
        var key = "say \"it\" once \\ " + UUID.randomUUID();

        assertThat(client.start("simulation", new SimulationInput(0, 1), key).id())
                .isEqualTo(client.start("simulation", new SimulationInput(0, 1), key).id());
    }

    @Test
    void aCancelledOperationIsAnOperationFailed() throws Exception {
        var operation = client.start("simulation", new SimulationInput(60, 60));
        store.cancel(OperationId.parse(operation.id()), "enough", new Caller("ann", "test"));

        assertThatThrownBy(() -> operation.join(SimulationOutput.class))
                .isInstanceOfSatisfying(OperationFailed.class, failed -> assertThat(failed.status())
                        .isEqualTo("cancelled"));
    }

    @Test
    void aRejectionNamesTheInvalidPlaces() {
        assertThatThrownBy(() -> client.start("simulation", new SimulationInput(1, 0)))
                .isInstanceOfSatisfying(RequestRejected.class, refused -> {
            assertThat(refused.code()).isEqualTo("input-invalid");
            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused).hasMessageContaining("/input/steps");
        });
        assertThatThrownBy(() -> client.find(UUID.randomUUID().toString()))
                .isInstanceOfSatisfying(RequestRejected.class, refused -> assertThat(refused.code())
                        .isEqualTo("no-such-operation"));
        assertThatThrownBy(() -> client.find("../queues")).isInstanceOf(RequestRejected.class);
    }

    @Test
    void anUnreachableServiceIsAnIOException() {
        var nowhere = new LonghaulClient(URI.create("http://127.0.0.1:1"), Duration.ofMillis(200));

        assertThatThrownBy(() -> nowhere.start("simulation", new SimulationInput(0, 1)))
                .isInstanceOf(IOException.class);
    }

    @Test
    void aServiceThatAnswers503ForTooLongIsAnIOExceptionAndNoRejection() throws Exception {
        var overloaded = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        overloaded.createContext("/", exchange -> {
            exchange.sendResponseHeaders(503, -1);
            exchange.close();
        });
        overloaded.start();
        try {
            var client = new LonghaulClient(URI.create("http://127.0.0.1:" + overloaded.getAddress().getPort()),
                    Duration.ofMillis(200));

            assertThatThrownBy(() -> client.find("x")).isInstanceOf(IOException.class).hasMessageContaining("503");
        } finally {
            overloaded.stop(0);
        }
    }

    @Test
    void aSilentStreamIsClosedAndResumedBehindTheLastEvent() throws Exception {
        var lastIds = new CopyOnWriteArrayList<@Nullable String>();
        var mute = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            mute.setExecutor(threads);
            mute.createContext("/api/v1/operations/x", exchange -> answer(exchange,
                    "{\"operation_id\": \"x\", \"status\": \"running\", \"progress\": 5}"));
            mute.createContext("/api/v1/operations/x/events", exchange -> {
                lastIds.add(exchange.getRequestHeaders().getFirst("Last-Event-ID"));
                if (lastIds.size() > 1) {
                    answer(exchange,
                            "id: 8\nevent: done\ndata: {\"operation\": {\"status\": \"completed\", \"progress\": "
                            + "100, \"output\": {\"steps_completed\": 3}}}\n\n");
                } else {   // then silence
                    exchange.sendResponseHeaders(200, 0);
                    exchange.getResponseBody().write("""
                            id: 6
                            event: state
                            data: {"operation": {"status": "failed", "progress": 20}}

                            id: 7
                            event: progress
                            data: {"status": "running", "progress": 30}

                            """.getBytes());
                    exchange.getResponseBody().flush();
                }
            });
            mute.start();
            var heard = new ArrayList<String>();

            var output = new LonghaulClient(URI.create("http://127.0.0.1:" + mute.getAddress().getPort()),
                    Duration.ofSeconds(5), Duration.ofMillis(500))
                    .find("x").onProgress(now -> heard.add(now.status() + " " + now.percent()))
                    .join(SimulationOutput.class);

            assertThat(output).isEqualTo(new SimulationOutput(3, null));
            assertThat(heard).containsExactly("failed 20.0", "running 30.0", "completed 100.0");
            assertThat(lastIds).containsExactly(null, "7");
        } finally {
            mute.stop(0);
        }
    }

    private static void answer(HttpExchange exchange, String body) throws IOException {
        exchange.sendResponseHeaders(200, body.length());
        exchange.getResponseBody().write(body.getBytes());
        exchange.close();
    }
}
