package dev.longhaul.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// An older transaction changes an operation that younger ones submitted and changed.
@LonghaulTest
@Timeout(60)
class FeedOrderTest {

    private static final JsonMapper json = JsonMapper.shared();
    private static final HttpClient http = HttpClient.newHttpClient();

    private final String queue = "order-" + UUID.randomUUID();

    @LocalServerPort
    int port;
    @Autowired
    JdbcClient sql;
    @Value("${test.superuser-url}")
    String superuserUrl;

    @Test
    void everyStreamAndWebhookTellsTheEntriesOfAnOperationInTheOrderOfSeqWhateverTheAgeOfTheirTransactions()
            throws Exception {
        post("queues/" + queue + ":pause", "{}");
        var webhook = post("webhooks", """
                {"url": "http://127.0.0.1:%d/hook", "filter": "queue:%s",
                 "events": ["operation.submitted", "operation.cancelled"]}""".formatted(port, queue))
                .path("webhook_id").asString();
        String workflow;
        UUID child;
        List<Integer> feed;
        List<Integer> ofWorkflow;
        try (var older = connect(); var feedStream = open("events?filter=queue:" + queue)) {
            var feedLines = feedStream.iterator();
            while (!feedLines.next().equals("event: snapshot")) {
                assertThat(feedLines.hasNext()).isTrue();
            }
            execute(older, "select pg_current_xact_id()");
            workflow = post("workflows", """
                    {"name": "order", "nodes": {"work": {"type": "simulation", "queue": "%s",
                     "input": {"duration_seconds": 0, "steps": 1}}}}""".formatted(queue))
                    .path("operation_id").asString();
            child = await().until(() -> sql.sql("select id from operation where queue = :queue").param("queue", queue)
                    .query(UUID.class).optional().orElse(null), found -> found != null);
            try (var workflowStream = open("workflows/" + workflow + "/events")) {
                sql.sql("update operation set priority = 3 where id = :id").param("id", child).update();
                execute(older, "update operation set status = 'cancelled' where id = '" + child + "'");
                older.commit();
                feed = seqs(feedLines, child);
                ofWorkflow = seqs(workflowStream.iterator(), child);
            }
        }
        assertThat(feed).as("feed").containsExactly(1, 2, 3);
        assertThat(ofWorkflow).as("workflow").containsExactly(1, 2, 3);
        await().untilAsserted(() -> assertThat(sql.sql("""
                select operation_seq from webhook_delivery where webhook_id = :webhook::uuid and operation_id = :id
                order by delivery_operation_id""").param("webhook", webhook).param("id", child)
                .query(Integer.class).list()).as("webhook").containsExactly(1, 3));
    }

    /// The numbers of the entries of this operation that a stream tells, until it has told as many as there are.
    private static List<Integer> seqs(Iterator<String> lines, UUID operation) {
        var seqs = new ArrayList<Integer>();
        while (seqs.size() < 3 && lines.hasNext()) {
            var line = lines.next();
            var data = line.startsWith("data: {") ? json.readTree(line.substring(6)) : json.createObjectNode();
            if (data.has("seq") && data.path("operation_id").asString().equals(operation.toString())) {
                seqs.add(data.get("seq").asInt());
            }
        }
        return seqs;
    }

    private Stream<String> open(String path) throws IOException, InterruptedException {
        return http.send(request(path).header("Accept", "text/event-stream").build(),
                HttpResponse.BodyHandlers.ofLines()).body();
    }

    private JsonNode post(String path, String body) throws IOException, InterruptedException {
        var response = http.send(request(path).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body)).build(), HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
        return json.readTree(response.body());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/api/v1/" + path))
                .timeout(Duration.ofSeconds(30));
    }

    private static void execute(Connection connection, String statement) throws SQLException {
        try (var prepared = connection.createStatement()) {
            prepared.execute(statement);
        }
    }

    private Connection connect() throws SQLException {
        var connection = new DriverManagerDataSource(superuserUrl).getConnection();
        connection.setAutoCommit(false);
        return connection;
    }
}
