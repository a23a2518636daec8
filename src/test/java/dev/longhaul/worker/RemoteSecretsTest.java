package dev.longhaul.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// A secret field of a remote type reaches the worker, and no table, stream, answer or error.
@LonghaulTest
class RemoteSecretsTest extends WorkerTest {

    @Test
    void onlyTheWorkerSeesASecret() throws Exception {
        var password = "canary-" + UUID.randomUUID();
        var key = "canary-" + UUID.randomUUID();
        var schema = Map.of("type", "object", "required", List.of("user", "password"), "properties",
                Map.of("user", Map.of("type", "string"),
                "password", Map.of("type", "string", "writeOnly", true, "minLength", 8),
                "account", Map.of("type", "object", "properties",
                Map.of("key", Map.of("type", "string", "x-secret", true)))));
        var worker = register(Map.of("types", List.of(Map.of("type", type, "input_schema", schema))));

        var refused = http.post("/api/v1/operations",
                Map.of("type", type, "input", Map.of("user", "ann", "password", "short")));
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body().toString()).contains("/input/password").doesNotContain("short");
        var input = Map.of("user", "ann", "password", password, "account", Map.of("key", key));
        var started = http.post("/api/v1/operations", Map.of("type", type, "input", input));
        assertThat(started.status()).as(started.body().toString()).isEqualTo(202);

        var first = claim(worker, 1, 10).getFirst();
        assertThat(first.claim().path("input")).as("its worker gets it").isEqualTo(json.valueToTree(input));
        first.say("report", Map.of("progress", 30, "message", "as ann with " + password, "steps",
                List.of(Map.of("name", "log in", "result", Map.of("token", "of " + password))),
                "log", List.of(Map.of("message", "logs in with " + password))));
        first.say("fail", Map.of("message", "refused: " + password, "trace", "at " + key, "retry_after_seconds", 0));

        var second = claim(worker, 1, 10).getFirst();
        assertThat(second.claim().path("steps").path("log in").path("token").asString())
                .as("and what its step made of it").isEqualTo("of " + password);
        second.say("complete", Map.of("message", "done with " + password, "output",
                Map.of("key", List.of("x" + key + "y"))));

        var ended = find(OperationId.parse(second.id()));
        assertThat(ended.status()).isEqualTo(Status.COMPLETED);
        assertThat(ended.output()).hasToString("{\"key\":[\"x•••y\"]}");
        assertThat(ended.progress().message()).isEqualTo("done with •••");
        assertThat(http.get("/api/v1/operations/" + second.id()).body().toString()).contains("$encrypted")
                .doesNotContain(password, key);
        assertThat(everythingStored()).contains("as ann with •••", "logs in with •••", "refused: •••")
                .doesNotContain(password, key);
    }

    @Test
    void aSecretThatSqlStoredAsPlainTextIsMaskedAllTheSame() throws Exception {
        var password = "canary-" + UUID.randomUUID();
        var schema = Map.of("type", "object", "properties", Map.of("password",
                Map.of("type", "string", "writeOnly", true)));
        var worker = register(Map.of("types", List.of(Map.of("type", type, "input_schema", schema))));
        sql.sql("insert into operation (type, input) values (:type, jsonb_build_object('password', :password::text))")
                .param("type", type).param("password", password).update();

        var run = claim(worker, 1, 10).getFirst();
        assertThat(run.claim().at("/input/password").asString()).isEqualTo(password);
        run.say("fail", Map.of("message", "refused: " + password, "retryable", false));

        assertThat(find(OperationId.parse(run.id())).error().message()).isEqualTo("refused: •••");
    }

    private String everythingStored() {
        var superuser = JdbcClient.create(new DriverManagerDataSource(superuserUrl));
        var all = new StringBuilder();
        for (var table : superuser.sql("select oid::regclass::text from pg_class where relkind = 'r' and "
                + "relnamespace = 'public'::regnamespace").query(String.class).list()) {
            superuser.sql("select t::text from " + table + " t").query(String.class).list().forEach(all::append);
        }
        return all.toString();
    }
}
