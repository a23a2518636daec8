package dev.longhaul.promises;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.ReferenceClient;
import dev.longhaul.ReferenceClient.Event;
import dev.longhaul.Service;
import dev.longhaul.TestDatabase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Promises 1, 6 and 7 as a user meets them: start, watch, kill -9, start again, watch on.
class StreamThroughKillTest {

    private final TestDatabase.Database database = TestDatabase.shared().fresh();
    private final JdbcClient sql = JdbcClient.create(new DriverManagerDataSource(database.superuserUrl()));

    @Test
    void aWatchedOperationGoesOnAfterKillsAndItsWatcherSeesEveryStepOnceInOrder() throws Exception {
        var port = Service.freePort();
        var seen = new ArrayList<Event>();
        String id;
        var service = Service.start(database, port).awaitUp();
        try {
            var client = new ReferenceClient(service.uri("/"));
            id = client.start("nightly_report", 12, 24);
            for (var kill = 1; kill <= 3; kill++) {
                watchFor(5, client, id, seen);
                service.kill();
                service = Service.start(database, port).awaitUp();
            }
            watchFor(1_000, client, id, seen);
        } finally {
            service.close();
        }

        assertThat(seen.getLast().name()).isEqualTo("done");
        var progress = seen.stream().filter(event -> event.name().equals("progress")).toList();
        assertThat(progress).extracting(event -> event.data().get("progress").asDouble())
                .as("never back, never twice the same line").isSorted();
        assertThat(progress.stream().map(event -> event.data().get("message").asString()).distinct().count())
                .isEqualTo(progress.size());
        assertThat(progress.getLast().data().get("status").asString()).isEqualTo("completed");
        assertThat(progress.getLast().data().get("attempt").asInt()).isGreaterThan(1);
        assertThat(sql.sql("select count(*) from operation_step where operation_id = :id::uuid").param("id", id)
                .query(Integer.class).single()).isEqualTo(24);
        assertThat(sql.sql("select max(attempt) from operation_step where operation_id = :id::uuid").param("id", id)
                .query(Integer.class).single())
                .as("the steps were done in several lives").isGreaterThan(1);
    }

    /// Until so many events have come, or the end; goes on behind what was seen.
    private static void watchFor(int events, ReferenceClient client, String id, List<Event> seen)
            throws InterruptedException {
        var enough = seen.size() + events;
        try {
            client.stream(id, event -> {
                if (!seen.isEmpty() && event.name().equals("progress")
                        && event.data().get("message").equals(seen.getLast().data().get("message"))) {
                    return;   // what a client that came back would print a second time
                }
                seen.add(event);
                if (seen.size() >= enough) {
                    throw new Enough();
                }
            }, seen.isEmpty() ? new String[0] : new String[] {"Last-Event-ID", String.valueOf(seen.getLast().id())});
        } catch (Enough enoughSeen) {
            // leaves the stream
        } catch (IOException cut) {
            throw new IllegalStateException("the stream was cut while nobody was killed", cut);
        }
    }

    private static final class Enough extends RuntimeException {}
}
