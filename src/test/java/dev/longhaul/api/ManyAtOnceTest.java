package dev.longhaul.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import dev.longhaul.api.Client.Answer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// Callers that submit at the same time are written together, and notice nothing of each other.
@LonghaulTest
class ManyAtOnceTest {

    private static final int MANY = 60;

    @LocalServerPort
    int port;
    @Autowired
    JdbcClient sql;
    @Value("${test.superuser-url}")
    String superuserUrl;

    @Test
    void eachOfManyCallersIsAnsweredWithItsOwnOperation() throws Exception {
        submitAll("plain").forEach((n, answer) -> {
            assertThat(answer.status()).as(answer.response().body()).isEqualTo(202);
            assertThat(answer.text("/metadata/n")).isEqualTo("n" + n);
            assertThat(answer.header("ETag")).isEqualTo("\"v1\"");
        });
        assertThat(sql.sql("select count(distinct metadata ->> 'n') || ' of ' || count(*) from operation where queue = 'many-plain'").query(String.class).single()).isEqualTo(MANY + " of " + MANY);
    }

    @Test
    void whatTheDatabaseRefusesOfOneHarmsNoneOfTheOthers() throws Exception {
        var owner = JdbcClient.create(new DriverManagerDataSource(superuserUrl));
        owner.sql("alter table operation add constraint not_this_one check (queue <> 'many-refused' or metadata ->> 'n' not in ('n7', 'n23')) not valid").update();
        try {
            submitAll("refused").forEach((n, answer) -> assertThat(answer.status()).as(n + ": " + answer.response().body()).matches(status -> (status == 202) == (n != 7 && n != 23)));
        } finally {
            owner.sql("alter table operation drop constraint not_this_one").update();
        }
        assertThat(sql.sql("select count(distinct metadata ->> 'n') || ' of ' || count(*) from operation where queue = 'many-refused'").query(String.class).single())
                .isEqualTo(MANY - 2 + " of " + (MANY - 2));
    }

    private Map<Integer, Answer> submitAll(String queue) {
        var client = new Client(port);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = IntStream.range(0, MANY).mapToObj(n -> CompletableFuture.supplyAsync(() -> submit(client, queue, n), threads)).toList();
            return IntStream.range(0, MANY).boxed().collect(Collectors.toMap(n -> n, n -> answers.get(n).join()));
        }
    }

    private static Answer submit(Client client, String queue, int n) {
        try {
            return client.post("/api/v1/operations", "{\"type\": \"rehearsal\", \"queue\": \"many-%s\", \"delay\": \"1d\", \"input\": {\"duration_seconds\": 0, \"steps\": 1}, \"metadata\": {\"n\": \"n%d\"}}".formatted(queue, n));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }
}
