package dev.longhaul.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.Service;
import dev.longhaul.TestDatabase;
import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Promise 6 where the connection dies on which the database announces changes.
class LostListenTest {

    private static final int KILLS = Integer.getInteger("listen.kills", 5);

    private final TestDatabase.Database database = TestDatabase.shared().fresh();
    private final JdbcClient sql = JdbcClient.create(new DriverManagerDataSource(database.superuserUrl()));
    private final int port = Service.freePort();

    private static final String KILL = """
            select count(pg_terminate_backend(pid)) from pg_stat_activity
                where application_name = 'longhaul listener' and datname = current_database()
            """;

    @Test
    void aListenerThatIsKilledOnceASecondCostsNoWatcherAChange() throws Exception {
        try (var service = Service.start(database, port, "--longhaul.engine.slots=128", "--longhaul.sse.heartbeat=1s")
                .awaitUp();
                var audience = StreamClients.gather(database, KILLS, service.uri("/"))) {
            var killed = 0;
            for (var n = 0; n < KILLS; n++) {
                audience.watchesFor(Duration.ofSeconds(1));
                killed += sql.sql(KILL).query(Integer.class).single();
            }
            audience.judge();
            assertThat(killed).as("the kills did bite").isGreaterThan(KILLS / 2);
            assertThat(audience.connected(2)).as("followers that noticed").isZero();
        }
    }

    @Test
    void aListenerWhoseConnectionIsCutOrGoesSilentIsReplaced() throws Exception {
        var server = URI.create(database.url().substring("jdbc:".length()));
        try (var network = new BadNetwork(server.getPort());
                var service = Service.start(database, port, "--longhaul.engine.slots=128",
                        "--longhaul.sse.heartbeat=1s", "--longhaul.live.listen-heartbeat=1s",
                        "--longhaul.live.listen-url=jdbc:postgresql://127.0.0.1:" + network.port() + server.getPath())
                        .awaitUp();
                var audience = StreamClients.gather(database, 15, service.uri("/"))) {
            for (var n = 0; n < 3; n++) {
                audience.watchesFor(Duration.ofSeconds(1));
                var connections = network.connections();
                network.cut();
                await().atMost(Duration.ofSeconds(10)).until(() -> network.connections() > connections);
                audience.watchesFor(Duration.ofSeconds(1));
                network.swallow();
                await().atMost(Duration.ofSeconds(20)).until(() -> network.connections() > connections + 1);
            }
            audience.judge();
            assertThat(audience.connected(2)).as("followers that noticed").isZero();
        }
    }
}
