package dev.longhaul.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// Every number, timestamp and duration of openapi.json, one after the other, with the extremes of its kind in an
/// otherwise valid request.
@LonghaulTest
class ExtremeValuesTest {

    private static final JsonMapper json = new JsonMapper();
    private static final List<String> NUMBERS = List.of("-9223372036854775809", "-9223372036854775808", "-2147483649",
            "-1", "0", "0.5", "2147483647", "2147483648", "1099511627776", "9007199254740993", "9223372036854775807",
            "9223372036854775808", "1e308", "1e400", "-1e400", "1e-400");
    private static final List<String> TIMESTAMPS = List.of("-999999999-01-01T00:00:00Z", "-4713-01-01T00:00:00Z",
            "0000-01-01T00:00:00Z", "1969-12-31T23:59:59.999999999Z", "1970-01-01T00:00:00Z", "9999-12-31T00:00:00Z",
            "9999-12-31T00:00:01Z", "9999-12-31T23:59:59Z",
            "9999-12-31T23:59:59.999999999Z", "+10000-01-01T00:00:00Z", "+294276-12-31T23:59:59.999999Z",
            "+294277-01-09T04:00:54.775807Z", "+300000-01-01T00:00:00Z", "+1000000000-12-31T23:59:59Z",
            "2026-02-30T00:00:00Z", "2030-01-01T00:00:00+18:00");
    private static final List<String> DURATIONS = List.of("PT-9223372036854775808S", "-PT1S", "PT0S", "0s",
            "PT0.000000001S", "999999d", "P9999999D", "PT9223372036854775807S", "PT9223372036854775808S");
    private static final int DEEPEST = 5;

    @LocalServerPort
    int port;

    /// Other tests with this service expect their schedules first.
    @AfterEach
    void deleteSchedules() throws Exception {
        var client = new RestClient(port);
        for (var schedule : client.get("/api/v1/schedules?page_size=200").json().path("schedules")) {
            if (schedule.path("name").asString().startsWith("contract-")) {
                client.send("DELETE", "/api/v1/schedules/" + schedule.path("name").asString(), null);
            }
        }
    }

    /// @param parameter name of a query parameter; null: a member of the body
    /// @param steps     from the body to the member
    private record Place(@Nullable String parameter, List<String> steps, List<String> extremes) {}

    @TestFactory
    Stream<DynamicTest> noExtremeIsADefectAndEveryRefusalNamesItsPlace() throws Exception {
        var document = json.readTree(Files.readString(Path.of("docs/openapi.json")));
        var tests = new ArrayList<DynamicTest>();
        document.get("paths").forEachEntry((path, methods) -> methods.forEachEntry((method, said) -> {
            var endpoint = method.toUpperCase(Locale.ROOT) + " " + path;
            for (var place : places(said, document)) {
                tests.add(DynamicTest.dynamicTest(endpoint + " " + place.parameter + place.steps,
                        () -> send(endpoint, place, document, said)));
            }
        }));
        assertThat(tests).hasSizeGreaterThan(100);
        return tests.stream();
    }

    @Test
    void filtersTakeAnyNumberTimeAndDuration() throws Exception {
        var client = new RestClient(port);
        for (var field : List.of("attempt", "priority", "progress", "created", "run_at", "duration", "started")) {
            for (var value : Stream.of(NUMBERS, TIMESTAMPS, DURATIONS, List.of("-999999d", "999999d999999d"))
                    .flatMap(List::stream).toList()) {
                for (var operator : List.of("<", ">=")) {
                    var answer = client.get("/api/v1/operations?filter="
                            + RestClient.encoded(field + operator + value));
                    assertThat(answer.status()).as(field + operator + value + answer.response().body()).isIn(200, 400);
                    if (answer.status() == 400) {
                        assertThat(answer.text("/errors/0/parameter")).isEqualTo("filter");
                    }
                }
            }
        }
    }

    private void send(String endpoint, Place place, JsonNode document, JsonNode said) throws Exception {
        var client = new RestClient(port);
        var valid = new ValidRequests(client);
        var path = endpoint.substring(endpoint.indexOf(' ') + 1);
        var request = valid.of(endpoint);
        for (var extreme : place.extremes) {
            var body = place.parameter == null ? body(request, place, extreme, said, document) : request.body();
            var answer = client.send(endpoint.substring(0, endpoint.indexOf(' ')), request.path(path)
                    + (place.parameter == null ? "" : (request.query() == null ? "?" : "&") + place.parameter + "="
                    + RestClient.encoded(extreme)), body == null ? null : body.toString());
            var what = endpoint + " " + place + " = " + extreme + ": " + body + " -> " + answer.response().body();
            assertThat(answer.status()).as(what).isLessThan(500);
            if (answer.status() == 400 || answer.status() == 422) {
                var error = answer.json().at("/errors/0");
                assertThat(error.path("pointer").asString("") + error.path("parameter").asString("")).as(what)
                        .isNotBlank();
                assertThat(error.path("detail").asString("")).as(what).isNotBlank();
            } else if (!endpoint.startsWith("GET")) {
                request = valid.of(endpoint);   // the other one is used up
            }
        }
    }

    private static JsonNode body(ValidRequests.Request request, Place place, String extreme, JsonNode said,
            JsonNode document) {
        var body = request.body() == null ? json.createObjectNode() : request.body().deepCopy();
        JsonNode member = body;
        var schema = said.at("/requestBody/content/application~1json/schema");
        for (var n = 0; n < place.steps.size() - 1; n++) {
            schema = below(schema, place.steps.get(n), document);
            member = existingOrNew(member, place.steps.get(n), schema, document);
        }
        var at = (ObjectNode) member;
        var isNumber = place.extremes == NUMBERS;
        at.set(place.steps.getLast(), isNumber
                ? json.readTree(extreme) : json.getNodeFactory().stringNode(extreme));
        Map.of("current", "total", "total", "current").entrySet().stream()
                .filter(pair -> pair.getKey().equals(place.steps.getLast()))
                .forEach(pair -> at.put(pair.getValue(), 100));
        // A request has one of them.
        Map.of("current", List.of("progress"), "total", List.of("progress"), "at", List.of("cron", "every"), "every",
                List.of("cron", "at"), "run_at", List.of("delay"), "delay",
                List.of("run_at")).getOrDefault(place.steps.getLast(), List.of()).forEach(at::remove);
        return body;
    }

    private static JsonNode existingOrNew(JsonNode at, String step, JsonNode schema, JsonNode document) {
        if (at instanceof ArrayNode array) {
            if (array.isEmpty()) {
                array.add(required(schema, document));
            }
            return array.get(0);
        }
        var object = (ObjectNode) at;
        if (!object.has(step)) {
            object.set(step, resolved(schema, document).has("items") ? json.createArrayNode()
                    : required(schema, document));
        }
        return object.get(step);
    }

    /// An object with the required members.
    private static ObjectNode required(JsonNode schema, JsonNode document) {
        var object = json.createObjectNode();
        var whole = resolved(schema, document);
        whole.path("required").forEach(name -> {
            var member = resolved(whole.at("/properties").get(name.asString()), document);
            switch (member.path("type").asString("object")) {
                case "integer", "number" -> object.put(name.asString(), 1);
                case "string" -> object.put(name.asString(), member.at("/examples/0").asString(
                        name.asString().endsWith("type") ? ValidRequests.TYPE : name.asString().endsWith("_id")
                        ? UUID.nameUUIDFromBytes(name.asString().getBytes(StandardCharsets.UTF_8))
                        .toString() : "extreme"));
                case "array" -> object.putArray(name.asString());
                default -> object.set(name.asString(), required(member, document));
            }
        });
        return object;
    }

    private static List<Place> places(JsonNode said, JsonNode document) {
        var places = new ArrayList<Place>();
        for (var parameter : said.path("parameters")) {
            var extremes = extremes(parameter.get("schema"));
            if (parameter.get("in").asString().equals("query") && extremes != null) {
                places.add(new Place(parameter.get("name").asString(), List.of(), extremes));
            }
        }
        collect(said.at("/requestBody/content/application~1json/schema"), List.of(), document, places);
        return places;
    }

    private static void collect(JsonNode given, List<String> steps, JsonNode document, List<Place> places) {
        var schema = resolved(given, document);
        var extremes = extremes(schema);
        if (extremes != null) {
            places.add(new Place(null, steps, extremes));
        }
        if (steps.size() < DEEPEST) {
            schema.path("properties").forEachEntry((name, member) ->
                    collect(member, with(steps, name), document, places));
            if (schema.has("items")) {
                collect(schema.get("items"), with(steps, "0"), document, places);
            }
            if (schema.path("additionalProperties").isObject() && steps.contains("nodes")) {
                collect(schema.get("additionalProperties"), with(steps, "only"), document, places);
            }
        }
    }

    private static JsonNode below(JsonNode given, String step, JsonNode document) {
        var schema = resolved(given, document);
        return schema.has("items") ? schema.get("items") : schema.at("/properties").has(step)
                ? schema.at("/properties").get(step) : schema.get("additionalProperties");
    }

    private static JsonNode resolved(JsonNode given, JsonNode document) {
        var schema = given.has("anyOf") ? given.at("/anyOf/0") : given;
        return schema.has("$ref") ? document.at(schema.get("$ref").asString().substring(1)) : schema;
    }

    private static @Nullable List<String> extremes(JsonNode schema) {
        var type = schema.path("type").isArray() ? schema.at("/type/0").asString() : schema.path("type").asString("");
        return type.equals("integer") || type.equals("number") ? NUMBERS
                : schema.path("format").asString("").equals("date-time") ? TIMESTAMPS
                : schema.at("/examples/0").asString("").equals("90s")
                || schema.path("default").asString("").equals("24h") ? DURATIONS : null;
    }

    private static List<String> with(List<String> steps, String step) {
        return Stream.concat(steps.stream(), Stream.of(step)).toList();
    }
}
