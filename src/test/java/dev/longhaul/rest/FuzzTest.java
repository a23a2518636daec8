package dev.longhaul.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Thousands of requests made from openapi.json, good, bad and odd: never a 5xx, never a stack trace, and nothing
/// half-written. The seed is told with every failure; `-Dfuzz.seed=…` repeats it.
@LonghaulTest
class FuzzTest {

    private static final int REQUESTS = 4_000;
    private static final List<String> ODD = List.of("", " ", "a", "fuzz-b", "\u0000", "\ud83d", "𝒳\u202e", "null", "0",
            "-1", "1e400", "' or 1=1 --", "../../etc/passwd", "%", "*",
            "2026-01-08T10:00:00Z", "-999999999-01-01T00:00:00Z", "PT0.000000001S", "P9999999D", "90s", "\"",
            "x".repeat(300), "queue:fuzz-a created>-1h", "queue:fuzz-a -status:failed");
    /// Without those that the web server itself refuses as no address, before any of us sees them: `%00`, `a//b`,
    /// `..%2f`.
    private static final List<String> ODD_PATHS = ODD.stream()
            .filter(text -> !text.isEmpty() && text.chars().noneMatch(c -> c == 0 || c == '/' || c == '%')).toList();
    private static final JsonNodeFactory json = JsonNodeFactory.instance;

    @LocalServerPort
    int port;
    @Autowired
    JdbcClient sql;

    record Endpoint(String method, String path, JsonNode said) {}

    @Test
    void whateverIsSentTheAnswerIsNeverADefectAndNothingIsHalfWritten() throws Exception {
        var seed = Long.getLong("fuzz.seed", 20260108L);
        var document = new JsonMapper().readTree(Files.readString(Path.of("docs/openapi.json")));
        var endpoints = new ArrayList<Endpoint>();
        document.get("paths").forEachEntry((path, methods) -> methods.forEachEntry((method, said) -> {
            // streams and long polls
            if (!path.endsWith("/events") && !path.contains("claim") && !path.contains(":sync")
                    && !path.startsWith("/api/v1/events")) {
                endpoints.add(new Endpoint(method.toUpperCase(Locale.ROOT), path, said));
            }
        }));
        var client = new RestClient(port);
        var ids = new ArrayList<String>();
        for (var n = 0; n < 20; n++) {
            ids.add(client.submit("fuzz-a", n % 2 == 0 ? "" : ", \"delay\": \"1h\""));
        }
        var made = new AtomicLong();
        var before = submitted();
        var failures = new ArrayList<String>();
        var statuses = new TreeMap<Integer, Integer>();
        try (var threads = Executors.newFixedThreadPool(6)) {
            var answers = new ArrayList<Callable<Integer>>();
            for (var n = 0; n < REQUESTS; n++) {
                var random = new Random(seed + n);
                var name = "seed " + (seed + n);
                answers.add(() -> send(client, endpoints.get(random.nextInt(endpoints.size())), document, ids, random,
                        made, name));
            }
            for (var answer : threads.invokeAll(answers)) {
                try {
                    statuses.merge(answer.get(), 1, Integer::sum);
                } catch (ExecutionException failed) {
                    failures.add(String.valueOf(failed.getCause().getMessage()));
                }
            }
        }
        assertThat(failures).as("of %d requests", REQUESTS).isEmpty();
        assertThat(statuses.keySet()).as("%s", statuses).contains(200, 202, 400, 404, 422);
        assertThat(submitted() - before).as("operations, as the answers said").isEqualTo(made.get());
        assertThat(sql.sql("select count(*) from operation o where history_seq <> (select count(*) from "
                + "operation_history h where h.operation_id = o.id) and queue like 'fuzz-%'")
                .query(Long.class).single()).as("operations with a history that is not whole").isZero();
    }

    private int send(RestClient client, Endpoint endpoint, JsonNode document, List<String> ids, Random random,
            AtomicLong made, String name) throws Exception {
        var path = new StringBuilder(endpoint.path);
        var separator = '?';
        var headers = new ArrayList<>(List.of("X-Request-Id", "fuzz"));
        for (var parameter : endpoint.said.path("parameters")) {
            var key = parameter.get("name").asString();
            switch (parameter.get("in").asString()) {
                case "path" -> {
                    var at = path.indexOf("{" + key + "}");
                    path.replace(at, at + key.length() + 2, RestClient.encoded(random.nextInt(5) == 0
                            ? any(ODD_PATHS, random) : key.equals("id") && random.nextInt(8) > 0 ? any(ids, random)
                            : key.equals("id") ? new UUID(random.nextLong(), random.nextLong()).toString() : "fuzz-"
                            + random.nextInt(3)).replace("+", "%20"));
                }
                case "query" -> {
                    if (!key.equals("wait") && random.nextInt(3) == 0) {
                        path.append(separator).append(key).append('=')
                                .append(RestClient.encoded(value(parameter.get("schema"), document, random, key)
                                .asString("")));
                        separator = '&';
                    }
                }
                default -> {
                    if (random.nextInt(6) == 0) {
                        headers.addAll(List.of(key, any(List.of("\"v1\"", "*", "x", "key-" + random.nextInt(1_000_000)),
                                random)));
                    }
                }
            }
        }
        var schema = endpoint.said.at("/requestBody/content/application~1json/schema");
        var body = schema.isMissingNode() ? null : random.nextInt(30) == 0
                ? odd(random) : value(schema, document, random, "").toString();
        var answer = client.send(endpoint.method, path.toString(), body, headers.toArray(String[]::new));
        var what = name + ": " + endpoint.method + " " + path + " " + body + " -> " + answer.status() + " "
                + answer.response().body();
        assertThat(answer.status()).as(what).isLessThan(500);
        if (answer.status() >= 400) {
            assertThat(answer.code()).as(what).matches("[a-z-]+");
            assertThat(answer.response().body()).as(what).doesNotContain("Exception", "dev.longhaul.", "java.lang",
                    "org.springframework", "org.postgresql", "tools.jackson");
        } else if (answer.status() < 300 && endpoint.method.equals("POST")) {
            made.addAndGet(made(endpoint, answer));
        }
        return answer.status();
    }

    /// How many operations an answer says it made.
    private static long made(Endpoint endpoint, RestClient.Answer answer) {
        if (answer.status() == 200 || answer.header("Idempotency-Replayed") != null) {
            return 0;
        }
        var told = answer.json();
        return told.has("operation_ids") ? told.get("operation_ids").size() : told.has("operation_id") ? 1 : 0;
    }

    private long submitted() {
        return sql.sql("select count(*) from operation_history where seq = 1 and source in ('rest', 'cli')")
                .query(Long.class).single();
    }

    /// Mostly what the schema asks for, sometimes not.
    private JsonNode value(JsonNode given, JsonNode document, Random random, String name) {
        var either = given.has("anyOf") ? given.at("/anyOf/0") : given;
        var schema = either.has("$ref") ? document.at(either.get("$ref").asString().substring(1)) : either;
        if (random.nextInt(12) == 0) {
            return any(List.of(json.nullNode(), json.booleanNode(true), json.numberNode(Long.MIN_VALUE),
                    json.numberNode(0.5), json.stringNode(odd(random)), json.arrayNode(), json.objectNode()), random);
        }
        var type = schema.path("type").isArray()
                ? any(List.of(schema.get("type").get(0).asString(), schema.get("type").get(0).asString(), "null"),
                random) : schema.path("type").asString("");
        return switch (type) {
            case "object" -> object(schema, document, random);
            case "array" -> {
                var array = json.arrayNode();
                for (var n = random.nextInt(4); n > 0; n--) {
                    array.add(value(schema.path("items"), document, random, name));
                }
                yield array;
            }
            case "integer" -> json.numberNode(any(List.of(1, 0, 7, -1, 50, 200, 1_000_001, Integer.MAX_VALUE), random));
            case "number" -> json.numberNode(any(List.of(0.0, 1.5, 100.0, -3.0), random));
            case "boolean" -> json.booleanNode(random.nextBoolean());
            case "string" -> json.stringNode(string(schema, random, name));
            case "null" -> json.nullNode();
            default -> object(schema, document, random);
        };
    }

    private ObjectNode object(JsonNode schema, JsonNode document, Random random) {
        var object = json.objectNode();
        schema.path("properties").forEachEntry((name, property) -> {
            var isRequired = schema.path("required").valueStream().anyMatch(one -> one.asString().equals(name));
            if (isRequired ? random.nextInt(20) > 0 : random.nextInt(4) == 0) {
                object.set(name, value(property, document, random, name));
            }
        });
        if (schema.path("properties").isEmpty()) {
            object.setAll(Map.of("duration_seconds", json.numberNode(0), "steps", json.numberNode(1)));
        }
        return object;
    }

    /// Names that touch nothing but what this test made.
    private static String string(JsonNode schema, Random random, String name) {
        return switch (name) {
            case "type" -> random.nextInt(4) > 0 ? "simulation" : "fuzzed";
            case "queue" -> random.nextInt(4) > 0 ? "fuzz-a" : "fuzz-" + odd(random);
            case "filter" -> "queue:fuzz-a " + (random.nextBoolean() ? "" : odd(random));
            default -> schema.path("format").asString("").equals("date-time") && random.nextInt(3) > 0
                    ? "2030-01-01T00:00:00Z"
                    : schema.has("examples") && random.nextInt(3) > 0 ? schema.get("examples")
                    .get(random.nextInt(schema.get("examples").size())).asString() : odd(random);
        };
    }

    private static String odd(Random random) {
        return any(ODD, random);
    }

    private static <T> T any(List<T> values, Random random) {
        return values.get(random.nextInt(values.size()));
    }
}
