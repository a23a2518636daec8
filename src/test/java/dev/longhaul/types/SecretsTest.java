package dev.longhaul.types;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.ReferenceClient;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Status;
import dev.longhaul.store.OperationStore;
import dev.longhaul.task.NotRetryable;
import dev.longhaul.workflow.Workflows;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// A secret field of an input reaches its task, and no table, stream, answer or error.
@LonghaulTest
@TestPropertySource(properties = {"longhaul.engine.backoff=50ms", "longhaul.engine.cancel-grace=300ms"})
class SecretsTest {

    private static final String KEY = "bG9uZ2hhdWwgdGVzdHMgb25seTogMzIgYnl0ZXMgLi4=";
    private static final String OTHER = "YW5vdGhlciBrZXkgZm9yIHRlc3RzOiAzMiBieXRlcyE=";

    @LocalServerPort
    int port;
    @Autowired
    JsonMapper json;
    @Autowired
    TaskRegistry tasks;
    @Autowired
    Workflows workflows;
    @Autowired
    OperationStore operations;
    @Value("${test.superuser-url}")
    String superuserUrl;

    @Test
    void onlyTheTaskSeesASecret() throws Exception {
        var client = new ReferenceClient(URI.create("http://127.0.0.1:" + port));
        var password = "canary-" + UUID.randomUUID();
        var api = "canary-" + UUID.randomUUID();
        var third = "canary-" + UUID.randomUUID();
        var logins = SecretTask.logins.get();

        var started = client.call("start_long_task", """
                {"task_type": "keeps_secrets", "input": {"user": "ann", "password": "%s",
                "account": {"name": "main", "keys": {"api": "%s"},
                "others": [{"name": "second", "keys": {"api": "%s"}}]}}}""".formatted(password, api, third));
        var id = started.at("/data/operation_id").asString();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> client.progress(id).get("status").asString().equals("completed"));
        var result = client.call("get_task_result", "{\"operation_id\": \"" + id + "\"}").get("data");

        assertThat(SecretTask.given).as("its task gets it")
                .contains(new SecretTask.Input("ann", password, new SecretTask.Account("main", Map.of("api", api),
                        List.of(new SecretTask.Account("second", Map.of("api", third), null)))));
        assertThat(SecretTask.logins).as("a step with a secret result runs once").hasValue(logins + 1);
        assertThat(result.at("/output/password").asString()).isEqualTo("•••");
        assertThat(result.at("/output/all/0").asString()).isEqualTo("x•••y");
        assertThat(result.get("message").asString()).isEqualTo("was let in with •••");
        assertThat(started + " " + result + " " + client.progress(id)).doesNotContain(password, api, third);
        assertThat(everythingStored()).contains("$encrypted", "logs in with •••", "as ann with •••", "refused: •••",
                "bad password •••", "Which of •••", "the first •••").doesNotContain(password, api, third);
    }

    @Test
    void aSecretThatIsTooShortToBeMaskedIsRefused() throws Exception {
        var client = new ReferenceClient(URI.create("http://127.0.0.1:" + port));

        var answer = client.call("start_long_task", """
                {"task_type": "keeps_secrets", "input": {"user": "ann", "password": "long enough",
                 "account": {"name": "main", "keys": {"api": "short"}, "others": []}}}""");

        assertThat(answer.get("error").asString()).contains("account/keys/api", "at least 6 characters")
                .doesNotContain("short\"");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"writeOnly": true}                                                            | ``
            {"allOf": [{"x-secret": true}]}                                                | /allOf/0
            {"properties": {"a": {"x-secret": "yes"}}}                                     | /properties/a/x-secret
            {"properties": {"a": {"propertyNames": {"writeOnly": true}}}}                  | /properties/a/propertyNames
            {"properties": {"a": {"contentSchema": {"properties": {"b": {"writeOnly": true}}}}}} | /properties/a/contentSchema
            """)
    void aSchemaWithASecretThatCannotBeEncryptedIsRefused(String schema, String pointer) {
        var whole = (ObjectNode) json.readTree(schema);
        whole.put("type", "object");

        assertThatThrownBy(() -> OperationType.requireUsable(whole)).isInstanceOfSatisfying(InvalidSchema.class,
                refused -> assertThat(refused.pointer()).isEqualTo(pointer));
    }

    @Test
    void aWorkflowEncryptsTheSecretsOfItsNodes() throws Exception {
        var password = "canary-${" + UUID.randomUUID();
        var graph = "{\"nodes\": {\"first\": {\"type\": \"keeps_secrets\", \"input\": {\"user\": \"ben\", "
                + "\"password\": \"%s\"}}, "
                + "\"second\": {\"type\": \"keeps_secrets\", \"input\": {\"user\": \"${first.status}\", "
                + "\"password\": \"%s\"}}}}";
        var id = workflows.start(json.readTree(graph.formatted(password.replace("${", "$${"),
                password.replace("${", "$${"))), submission -> submission, new Caller("ann", "test")).operation().id();

        await().atMost(Duration.ofSeconds(30)).until(() -> operations.find(id).orElseThrow().isOver());
        assertThat(operations.find(id).orElseThrow().status()).isEqualTo(Status.COMPLETED);
        assertThat(SecretTask.given).contains(new SecretTask.Input("ben", password, null),
                new SecretTask.Input("completed", password, null));
        assertThat(everythingStored()).doesNotContain(password, password.replace("${", "$${"));

        assertThatThrownBy(() -> workflows.check(json
                .readTree(graph.formatted("long enough", "${first.output.password}")))).isInstanceOf(InvalidInput.class)
                .hasMessageContaining("nodes/second/input/password", "is secret")
                .hasMessageContaining("must not contain an expression");
    }

    @Test
    void anErrorOfASecretFieldDoesNotContainTheSecret() throws Exception {
        var client = new ReferenceClient(URI.create("http://127.0.0.1:" + port));

        var answer = client.call("start_long_task",
                "{\"task_type\": \"keeps_secrets\", \"input\": {\"user\": 7, \"password\": \"short\"}}");
        assertThat(answer.get("error").asString()).contains("password", "8", "user", "7").doesNotContain("short\"");
        assertThat(client.call("start_long_task",
                "{\"task_type\": \"keeps_secrets\", \"input\": {\"user\": \"ann\", \"password\": {\"$encrypted\": "
                + "\"test:abcd\"}}}").get("error").asString())
                .as("an encrypted one that somebody found is no secret").contains("password");
        assertThat(tasks.find("keeps_secrets").orElseThrow().inputSchema().at("/properties/password/writeOnly")
                .asBoolean()).as("forms show no secret").isTrue();
    }

    @Test
    void aRepeatedRequestWithASecretIsRecognised() throws Exception {
        var client = new ReferenceClient(URI.create("http://127.0.0.1:" + port));
        var request = "{\"task_type\": \"keeps_secrets\", \"idempotency_key\": \"" + UUID.randomUUID()
                + "\", \"input\": {\"user\": \"ann\", \"password\": \"%s\"}}";

        var first = client.call("start_long_task", request.formatted("a password of hers"));
        assertThat(client.call("start_long_task", request.formatted("a password of hers")).at("/data/operation_id"))
                .isEqualTo(first.at("/data/operation_id"));
        assertThat(client.call("start_long_task", request.formatted("another password")).get("status").asString())
                .isEqualTo("error");
    }

    @Test
    void keysCanBeRotated() throws Exception {
        var before = new SecretCipher(new SecretSettings(Map.of("old", KEY), null), json);
        var after = new SecretCipher(new SecretSettings(Map.of("old", KEY, "new", OTHER), "new"), json);
        var sealed = before.encrypt(text("secret"), "type.field", null);

        assertThat(after.decrypt(sealed, "type.field")).isEqualTo(text("secret"));
        assertThat(after.encrypt(text("secret"), "type.field", null)).startsWith("new:")
                .isNotEqualTo(after.encrypt(text("secret"), "type.field", null));
        assertThatThrownBy(() -> before.decrypt(after.encrypt(text("secret"), "type.field", null), "type.field"))
                .isInstanceOf(NotRetryable.class).hasMessageContaining("encrypted with key new");
        assertThatThrownBy(() -> after.decrypt(sealed, "type.other")).isInstanceOf(NotRetryable.class)
                .hasMessageContaining("cannot be decrypted");
        assertThatThrownBy(() -> new SecretCipher(new SecretSettings(Map.of(), null), json).encrypt(text("secret"),
                "type.field", null)).hasMessageContaining("no key to encrypt it");
    }

    @Test
    void invalidSettingsAreRefusedWithoutTheKey() {
        assertThatThrownBy(() -> new SecretSettings(Map.of("a", "too short"), null))
                .hasMessageContaining("32 bytes in Base64").hasMessageNotContaining("too short");
        assertThatThrownBy(() -> new SecretSettings(Map.of("a", KEY, "b", OTHER), null))
                .hasMessageContaining("longhaul.secrets.current must say which");
        assertThatThrownBy(() -> new SecretSettings(Map.of("a", KEY), "c"))
                .hasMessageContaining("must be one of [a], not c");
        assertThat(new SecretSettings(Map.of("a", KEY), null)).asString().doesNotContain(KEY);
    }

    private JsonNode text(String text) {
        return json.getNodeFactory().stringNode(text);
    }

    /// Every row of every table, as text.
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
