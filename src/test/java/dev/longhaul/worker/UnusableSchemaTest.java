package dev.longhaul.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.HistoricData;
import dev.longhaul.LonghaulServer;
import dev.longhaul.LonghaulTest;
import dev.longhaul.ReferenceClient;
import dev.longhaul.TestDatabase;
import dev.longhaul.tool.Tool;
import dev.longhaul.tool.ToolCall;
import dev.longhaul.tool.ToolType;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// A schema that cannot be used is refused at registration, and one written by hand harms no list.
@LonghaulTest
@TestPropertySource(properties = "longhaul.engine.backoff=50ms")
class UnusableSchemaTest extends WorkerTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"type": "object", "properties": {"a": {"type": "string", "pattern": "("}}}       | /properties/a/pattern
            {"type": "object", "patternProperties": {"(": {"type": "string"}}}                | /patternProperties/(
            {"type": "object", "properties": {"a": {"items": {"$ref": "#/$defs/none"}}}}      | /properties/a/items/$ref
            {"type": "object", "properties": {"a": {"$ref": "#none"}}}                        | /properties/a/$ref
            {"type": "object", "properties": {"a/b": {"$ref": "other.json"}}}                 | /properties/a~1b/$ref
            {"type": "object", "properties": {"a": {"$dynamicRef": "http://127.0.0.1/x"}}}    | /properties/a/$dynamicRef
            {"type": "object", "properties": {"a": {"$id": "http://127.0.0.1/x"}}}            | /properties/a/$id
            {"type": "object", "$schema": "http://json-schema.org/draft-07/schema"}           | /$schema
            {"type": "object", "$ref": "#"}                                                   | ``
            {"type": "object", "allOf": [{"anyOf": [{"$ref": "#/allOf/0"}]}]}                 | /allOf/0
            {"type": "object", "$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"not": {"$ref": "#/$defs/a"}}}} | /$defs/a
            {"type": "object", "properties": {"a": 7}}                                        | /properties/a
            {"type": "object", "properties": {"a": {"type": "strin"}}}                        | /properties/a/type
            {"type": "object", "properties": {"a": {"minimum": "1"}}}                         | /properties/a/minimum
            {"type": "object", "properties": {"a": {"multipleOf": 0}}}                        | /properties/a/multipleOf
            {"type": "object", "required": "a"}                                               | /required
            {"type": "string"}                                                                | /type
            """)
    void aRegistrationIsRefusedWithThePointerIntoTheSchema(String schema, String pointer) throws Exception {
        var answer = http.post("/api/v1/workers", "{\"name\": \"x\", \"types\": [{\"type\": \"fine\"}, {\"type\": \""
                + type + "\", \"input_schema\": " + schema + "}]}");

        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(400);
        assertThat(answer.body().at("/errors/0/pointer").asString()).isEqualTo("/types/1/input_schema" + pointer);
        assertThat(answer.body().path("detail").asString()).isNotBlank().doesNotContain("networknt", "exception");
        assertThat(sql.sql("select count(*) from remote_type where type = :type").param("type", type)
                .query(Integer.class).single()).isZero();
    }

    @Test
    void alsoTooLargeAndTooDeeplyNestedOnes() throws Exception {
        assertThat(refusal("{\"type\": \"object\", \"description\": \"" + "x".repeat(70_000) + "\"}"))
                .contains("at most 65536 characters");
        var deep = new StringBuilder("{\"type\": \"object\"");
        deep.repeat(", \"not\": {\"minimum\": 1", 45).repeat("}", 46);
        assertThat(refusal(deep.toString())).contains("nested deeper than 32");
        var long_ = new StringBuilder("{\"type\": \"object\", \"$ref\": \"#/$defs/0\", \"$defs\": {");
        for (var n = 0; n < 500; n++) {
            long_.append("\"%d\": {\"$ref\": \"#/$defs/%d\"}, ".formatted(n, n + 1));
        }
        assertThat(refusal(long_ + "\"500\": {}}}")).contains("more than 32 references in a row");
    }

    private String refusal(String schema) throws Exception {
        var answer = http.post("/api/v1/workers",
                "{\"name\": \"x\", \"types\": [{\"type\": \"" + type + "\", \"input_schema\": " + schema + "}]}");
        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(400);
        return answer.body().path("detail").asString();
    }

    @Test
    void aValueThatTakesTooLongToValidateIsRefused() throws Exception {
        var schema = json.readTree("""
                {"type": "object", "properties": {"a": {"anyOf": [{"$ref": "#"}, {"$ref": "#"}, {"$ref": "#"}]}}}""");
        register(Map.of("types", List.of(Map.of("type", type, "input_schema", schema))));
        var input = "{\"a\": ".repeat(25) + "7" + "}".repeat(25);

        var answer = http.post("/api/v1/operations", "{\"type\": \"" + type + "\", \"input\": " + input + "}");

        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(422);
        assertThat(answer.body().toString()).contains("steps to validate");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', textBlock = """
            input_schema ~ '{"type": "object", "properties": {"a": {"pattern": "("}}}'
            input_schema ~ '{"type": "object", "$ref": "#"}'
            input_schema ~ '{"type": "object", "$ref": "elsewhere.json"}'
            input_schema ~ '{"type": "object", "maximum": 1e1001}'
            input_schema ~ ('{"a": ' || repeat('[', 900) || repeat(']', 900) || '}')::jsonb
            retry_policy ~ '{"kind": "nonsense"}'
            retry_policy ~ '{"kind": "fixed", "delay": 1e1001}'
            """)
    void aRowWrittenByHandTakesNoListWithIt(String column, String value) throws Exception {
        var good = type + "g";
        register(Map.of("types", List.of(Map.of("type", good))));
        sql.sql("insert into remote_type (type, input_schema) values (:type, '{\"type\": \"object\"}')")
                .param("type", type).update();
        sql.sql("update remote_type set " + column + " = " + value + " where type = :type").param("type", type)
                .update();

        var listed = http.get("/api/v1/types");
        assertThat(listed.status()).as(listed.body().toString()).isEqualTo(200);
        assertThat(listed.body().path("types").valueStream().map(one -> one.path("type").asString()))
                .contains(type, good, "csv_import");
        var isUsable = column.equals("retry_policy");
        var shown = http.get("/api/v1/types/" + type).body();
        assertThat(shown.path("unusable").asString("")).contains(isUsable ? "" : "input_schema").isEqualTo(isUsable
                ? "" : shown.path("unusable").asString());
        assertThat(toolNames()).contains(good, "csv_import", "start_long_task");
        assertThat(toolNames().contains(type)).isEqualTo(isUsable);
        assertThat(submitted(type)).isEqualTo(isUsable ? 202 : 422);
        assertThat(submitted(good)).isEqualTo(202);
        assertThat(http.post("/api/v1/workflows", "{\"nodes\": {\"a\": {\"type\": \"" + type + "\"}}}").status())
                .isLessThan(500);
    }

    private int submitted(String type) throws Exception {
        return http.post("/api/v1/operations", Map.of("type", type, "input", Map.of())).status();
    }

    private List<String> toolNames() throws Exception {
        var client = new ReferenceClient(http.service());
        var answer = client.post("{\"jsonrpc\": \"2.0\", \"method\": \"tools/list\", \"id\": 1}");
        return json.readTree(answer.body()).at("/result/tools").valueStream().map(tool -> tool.path("name").asString())
                .toList();
    }

    @Test
    void schedulesAndWebhooksWrittenByHandTakeNoListWithThem() throws Exception {
        var name = "by-hand-" + UUID.randomUUID();
        HistoricData.writer(superuserUrl).sql("""
                insert into schedule (name, every, type, input) values
                    (:name || '-bad', interval '1 hour', 'simulation', '{"a": 1e1001}'),
                    (:name || '-good', interval '1 hour', 'simulation', '{}')
                """).param("name", name).update();
        sql.sql("""
                insert into webhook (url, events, filter, secret, created_at) values
                    ('http://127.0.0.1:1/' || :name, '{nonsense}', 'no:such:filter (', 'short', '-infinity'),
                    ('http://127.0.0.1:2/' || :name, '{operation.failed}', '', 'whsec_x', now())
                """).param("name", name).update();

        var schedules = http.get("/api/v1/schedules");
        assertThat(schedules.status()).as(schedules.body().toString()).isEqualTo(200);
        assertThat(schedules.body().toString()).contains(name + "-good").doesNotContain(name + "-bad");
        var webhooks = http.get("/api/v1/webhooks");
        assertThat(webhooks.status()).as(webhooks.body().toString()).isEqualTo(200);
        assertThat(webhooks.body().toString()).contains("127.0.0.1:1/" + name, "127.0.0.1:2/" + name);
        var client = new ReferenceClient(http.service());
        for (var list : List.of("resources/list", "resources/templates/list", "prompts/list")) {
            var answer = client.post("{\"jsonrpc\": \"2.0\", \"method\": \"" + list + "\", \"id\": 1}");
            assertThat(json.readTree(answer.body()).path("result").isObject()).as(answer.body()).isTrue();
        }
        assertThat(client.call("list_schedules", "{}").toString()).contains(name + "-good");
        sql.sql("delete from webhook where url like '%' || :name").param("name", name).update();
    }

    @Test
    void theSchemaOfAnAnswerIsRefusedWhenItIsAsked() throws Exception {
        var worker = register(Map.of());
        submit();
        var run = claim(worker, 1, 5).getFirst();

        var answer = run.say("ask", Map.of("name", "size", "kind", "input", "action", "How large?", "schema",
                Map.of("type", "object", "properties", Map.of("size", Map.of("pattern", "(")))));

        assertThat(answer.status()).as(answer.body().toString()).isEqualTo(400);
        assertThat(answer.body().at("/errors/0/pointer").asString()).isEqualTo("/schema/properties/size/pattern");
    }

    @ToolType(value = "bad_tool", description = "Its pattern cannot be compiled.")
    static class BadTool implements Tool<ObjectNode, String> {

        @Override
        public ObjectNode inputSchema() {
            var schema = JsonNodeFactory.instance.objectNode().put("type", "object");
            schema.putObject("properties").putObject("name").put("pattern", "(");
            return schema;
        }

        @Override
        public String call(ObjectNode arguments, ToolCall call) {
            return "";
        }
    }

    @Test
    void aServiceWhoseOwnToolHasSuchASchemaDoesNotStartAndSaysWhy() {
        var database = TestDatabase.special().fresh();
        var application = new SpringApplicationBuilder(LonghaulServer.class, BadTool.class);

        assertThatThrownBy(() -> application.run("--server.port=0", "--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=" + database.serviceUser(),
                "--spring.datasource.password=" + database.servicePassword(), "--spring.flyway.enabled=false"))
                .hasStackTraceContaining("the tool bad_tool has a schema that cannot be used: "
                + "/properties/name/pattern must be a regular expression, not \"(\"");
    }
}
