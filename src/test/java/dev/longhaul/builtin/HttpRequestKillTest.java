package dev.longhaul.builtin;

import static dev.longhaul.builtin.TestHttpServer.json;
import static dev.longhaul.builtin.TestHttpServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.Service;
import dev.longhaul.TestDatabase;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Kills the service while it polls and while it waits for a response.
class HttpRequestKillTest {

    private final TestDatabase.Database database = TestDatabase.shared().fresh();
    private final JdbcClient sql = JdbcClient.create(new DriverManagerDataSource(database.superuserUrl()));

    @Test
    void aKilledServiceContinuesToPollAndDoesNotRepeatTheRequest() throws Exception {
        var port = Service.freePort();
        var service = start(port);
        try (var host = new TestHttpServer()) {
            host.respond("/reports", status(202, "", "Location: /jobs/7"));
            host.respond("/jobs/7", json(202, "{'progress': 40}"));
            service.awaitUp();
            var id = submit(host.url("/reports"));
            for (var kill = 1; kill <= 2; kill++) {
                var polls = host.requests().size() + 3;
                await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(2))
                        .until(() -> host.requests().size() >= polls);
                service.kill();
                service = start(port);
            }
            var polls = host.requests().size() + 3;
            await().atMost(Duration.ofSeconds(60)).until(() -> host.requests().size() >= polls);
            assertThat(sql.sql("select progress from operation where id = :id").param("id", id).query(Double.class)
                    .single()).isEqualTo(40);
            host.respond("/jobs/7", json(200, "{'rows': 3}"));
            awaitEnd(id);

            assertThat(sql.sql("select output->'body'->>'rows' from operation where id = :id").param("id", id)
                    .query(Integer.class).single()).isEqualTo(3);
            assertThat(host.requests()).filteredOn(request -> request.method().equals("POST")).hasSize(1);
        } finally {
            service.close();
        }
    }

    @Test
    void aRequestWithoutAStoredReplyIsSentAgainWithTheSameKey() throws Exception {
        var port = Service.freePort();
        var service = start(port);
        var never = new CountDownLatch(1);
        try (var host = new TestHttpServer()) {
            host.respond("/orders", exchange -> {
                try {
                    never.await();
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            service.awaitUp();
            var id = submit(host.url("/orders"));
            await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(2))
                    .until(() -> host.requests().size() == 1);
            service.kill();
            host.respond("/orders", status(201, "done"));
            service = start(port);
            awaitEnd(id);

            assertThat(host.requests()).hasSize(2)
                    .allMatch(request -> request.header("Idempotency-key").equals(id.toString()));
        } finally {
            never.countDown();
            service.close();
        }
    }

    private UUID submit(String url) {
        return sql.sql("insert into operation (type, input) values ('http_request', :input::jsonb) returning id")
                .param("input", "{\"url\": \"%s\", \"json\": {\"month\": 7}}".formatted(url)).query(UUID.class)
                .single();
    }

    private void awaitEnd(UUID id) {
        await().atMost(Duration.ofSeconds(60)).until(() -> sql.sql("select status from operation where id = :id")
                .param("id", id).query(String.class).single().equals("completed"));
    }

    private Service start(int port) {
        return Service.start(database, port, "--longhaul.engine.lease=3s",
                "--longhaul.http-request.allowed-hosts=127.0.0.1",
                "--longhaul.http-request.allow-private-addresses=127.0.0.1", "--longhaul.http-request.backoff=20ms",
                "--longhaul.http-request.max-backoff=200ms");
    }
}
