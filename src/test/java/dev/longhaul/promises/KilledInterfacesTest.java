package dev.longhaul.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import dev.longhaul.Service;
import dev.longhaul.TestDatabase;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;

/// kill -9 of the service while remote workers run operations and a receiver gets webhooks for their ends. The workers
/// continue their runs, each end is accepted once, and each has its webhook, by the history.
class KilledInterfacesTest {

    private static final Logger log = LoggerFactory.getLogger(KilledInterfacesTest.class);
    private static final int KILLS = Integer.getInteger("kills", 1);
    private static final int OPERATIONS = 200;
    private static final int WORKERS = 4;

    private final TestDatabase.Database database = TestDatabase.shared().fresh();
    private final JdbcClient sql = JdbcClient.create(new DriverManagerDataSource(database.superuserUrl()));
    private final HistoryChecker judge = new HistoryChecker(sql);
    private final JsonMapper json = new JsonMapper();
    private final int port = Service.freePort();
    private final Map<String, String> told = new ConcurrentHashMap<>();   // by webhook-id, of which operation
    private volatile Service service;
    private volatile boolean isOver;

    @Test
    void workersAndReceiversGoOnWithTheNextService() throws Exception {
        var receiver = receiver();
        service = start().awaitUp();
        try (var workers = Executors.newVirtualThreadPerTaskExecutor(); AutoCloseable _ = () -> isOver = true) {
            post("/api/v1/webhooks",
                    ("{\"url\": \"http://127.0.0.1:%d/\", \"events\": [\"operation.completed\"], \"filter\": "
                    + "\"type:held_outside\"}").formatted(receiver.getAddress().getPort()));
            register();
            sql.sql("insert into operation (type, claim_group) select 'held_outside', claim_group_of('held_outside') from "
                    + "generate_series(1, " + OPERATIONS + ")").update();
            for (var n = 0; n < WORKERS; n++) {
                workers.submit(this::work);
            }
            for (var kill = 1; kill <= KILLS; kill++) {
                var ended = OPERATIONS * kill / (KILLS + 2);
                await().atMost(Duration.ofSeconds(40))
                        .until(() -> judge.count("select count(*) from operation where type = 'held_outside' and "
                        + "status = 'completed'") >= ended
                        && judge.count("select count(*) from operation where type = 'held_outside' and status = "
                        + "'running'") > 0
                        && judge.count("select count(*) from operation where type = 'webhook_delivery' and status = "
                        + "'running'") > 0);
                service.kill();
                service = start().awaitUp();
            }
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> judge.count("select count(*) from operation where type = 'held_outside' and status "
                    + "= 'completed'") == OPERATIONS
                    && judge.count("select count(*) from webhook_delivery") == OPERATIONS
                    && judge.count("select count(*) from operation where type = 'webhook_delivery' and status <> "
                    + "'completed'") == 0);
            isOver = true;
        } finally {
            isOver = true;
            service.close();
            receiver.stop(0);
        }
        var met = judge.count("select count(*) from operation_history h join operation o on o.id = h.operation_id "
                + "where o.type = 'webhook_delivery' and h.reason = 'worker lease expired'");
        log.info("{} deliveries were in the hands of a service that was killed", met);
        judge.allAreCompletedOnce();
        judge.historiesAreWhole();
        assertThat(met).as("deliveries that a kill met: the kills did bite").isPositive();
        assertThat(judge.count("select count(*) from (select operation_id from webhook_delivery group by operation_id having "
                + "count(*) <> 1) as twice")).as("ends with more than one delivery").isZero();
        assertThat(told).as("messages, each under an id of its own").hasSize(OPERATIONS);
        assertThat(told.values().stream().distinct()).as("operations that the receiver was told of")
                .hasSize(OPERATIONS);
    }

    private Service start() {
        return Service.start(database, port, "--longhaul.engine.lease=3s",
                "--longhaul.webhook.allow-private-addresses=127.0.0.1");
    }

    /// Takes its time, so that a kill meets it.
    private HttpServer receiver() throws IOException {
        var receiver = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        receiver.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        receiver.createContext("/", exchange -> {
            var message = json.readTree(exchange.getRequestBody().readAllBytes());
            LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
            told.put(exchange.getRequestHeaders().getFirst("webhook-id"), message.at("/data/operation_id").asString());
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        receiver.start();
        return receiver;
    }

    /// Ends its runs and claims the next, in one request; a request without an answer is repeated.
    private void work() {
        var worker = "";
        var updates = json.createArrayNode();
        while (!isOver) {
            try {
                worker = worker.isEmpty() ? register() : worker;
                var sync = json.createObjectNode();
                sync.set("runs", updates);
                sync.putObject("claim").put("max", 5).put("wait_seconds", 0.5).putArray("runs");
                var answer = post("/api/v1/workers/" + worker + ":sync", sync.toString());
                if (answer.path("code").asString("").equals("worker-lost")) {
                    worker = "";
                    updates = json.createArrayNode();
                } else if (answer.has("claims")) {
                    updates = completed(answer.path("claims"));
                    LockSupport.parkNanos(Duration.ofMillis(250).toNanos());   // its work
                }
            } catch (IOException away) {
                LockSupport.parkNanos(Duration.ofMillis(100).toNanos());
            } catch (InterruptedException stopped) {
                return;
            }
        }
    }

    private ArrayNode completed(JsonNode claims) {
        var updates = json.createArrayNode();
        for (var claim : claims) {
            updates.addObject().put("operation_id", claim.path("operation_id").asString())
                    .putObject("complete").put("run_id", claim.path("run_id").asString());
        }
        return updates;
    }

    private String register() throws IOException, InterruptedException {
        return post("/api/v1/workers", "{\"name\": \"outside\", \"types\": [{\"type\": \"held_outside\"}]}")
                .path("worker_id").asString();
    }

    private JsonNode post(String path, String body) throws IOException, InterruptedException {
        return json.readTree(service.post(path, body).body());
    }
}
