package dev.longhaul.builtin;

import static dev.longhaul.builtin.TestHttpServer.json;
import static dev.longhaul.builtin.TestHttpServer.status;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Status;
import dev.longhaul.store.OperationStore;
import dev.longhaul.types.InvalidInput;
import dev.longhaul.types.TaskRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Longer than 300 lines: a second class with these settings would start a second service.
@LonghaulTest
@TestPropertySource(properties = {
        "longhaul.http-request.allowed-hosts=127.0.0.1,localhost,169.254.169.254,::1,2130706433,0.0.0.0",
        "longhaul.http-request.allow-private-addresses=127.0.0.1,169.254.169.254,0.0.0.0",
        "longhaul.http-request.backoff=10ms", "longhaul.http-request.max-backoff=40ms",
        "longhaul.http-request.response-timeout=500ms",
        "longhaul.engine.backoff=20ms"})
class HttpRequestTest {

    final TestHttpServer host = new TestHttpServer();
    OperationSubmitter operations;
    JsonMapper json;

    @BeforeEach
    void operations(@Autowired TaskRegistry tasks, @Autowired OperationStore store, @Autowired JsonMapper json) {
        operations = new OperationSubmitter(tasks, store, json);
        this.json = json;
    }

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void theReplyIsTheOutput() {
        host.respond("/orders", json(201, "{'id': 7, 'total': 1.50}", "ETag: \"x\"", "Set-Cookie: a=b"));

        var operation = operations.run("http_request", """
                {'url': '%s', 'json': {'item': 'tea', 'count': 2}, 'headers': {'Authorization': 'Bearer t', 'x-note': \
                'hi'}}""".formatted(host.url("/orders?a=1")));

        assertThat(operation.error()).isNull();
        assertThat(operation.progress().message()).isEqualTo("HTTP 201");
        assertThat(operation.output()).isEqualTo(json.readTree("""
                {"status": 201, "headers": {"content-type": "application/json", "etag": "\\"x\\""}, "body": {"id": 7, \
                "total": 1.50}, "polls": 0}"""));
        var request = host.requests().getFirst();
        assertThat(request).hasToString("POST /orders");
        assertThat(json.readTree(request.body())).isEqualTo(json.readTree("{\"item\": \"tea\", \"count\": 2}"));
        assertThat(request.header("Content-type")).isEqualTo("application/json");
        assertThat(request.header("Authorization")).isEqualTo("Bearer t");
        assertThat(request.header("X-note")).isEqualTo("hi");
        assertThat(request.header("Idempotency-key")).isEqualTo(operation.id().toString());
    }

    @ParameterizedTest
    @CsvSource({"GET", "PUT", "DELETE", "PATCH", "HEAD"})
    void everyMethodIsSentAsItIs(String method) {
        host.respond("/x", status(200, ""));

        operations.output("http_request", "{'url': '%s', 'method': '%s'%s}".formatted(host.url("/x"), method,
                method.startsWith("P") ? ", 'text': 'grüße'" : ""));

        assertThat(host.requests()).hasToString("[" + method + " /x]");
        assertThat(host.requests().getFirst().body()).isEqualTo(method.startsWith("P") ? "grüße" : "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1.10,\"x\",null,true]", "\"text\"", "5", "false", "{\"a\":{\"b\":[]}}"})
    void anyJsonCanBeABody(String body) {
        host.respond("/x", status(200, ""));

        operations.output("http_request", "{\"url\": \"%s\", \"json\": %s}".formatted(host.url("/x"), body));

        assertThat(host.requests().getFirst().body()).isEqualTo(body);
    }

    @Test
    void aBodyThatIsNotJsonIsReturnedAsText() {
        host.respond("/text", status(200, "häl\0lo", "Content-Type: text/plain; charset=utf-8"));
        host.respond("/broken", json(200, "{'a': "));
        host.respond("/numbers", json(200, "{'a': 1e99999}"));
        host.respond("/empty", status(204, ""));

        assertThat(body("/text").asString()).isEqualTo("häl\uFFFDlo");
        assertThat(body("/broken").asString()).isEqualTo("{\"a\": ");
        assertThat(body("/numbers").asString()).isEqualTo("{\"a\": 1e99999}");
        assertThat(body("/empty").isNull()).isTrue();
    }

    private JsonNode body(String path) {
        return operations.output("http_request", "{'url': '%s'}".formatted(host.url(path))).get("body");
    }

    @Test
    void aBodyOfMoreThan256KilobytesIsRefused() {
        host.respond("/much", status(200, "x".repeat(256 * 1024)));
        host.respond("/more", status(200, "x".repeat(256 * 1024 + 1)));
        host.respond("/endless", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            while (true) {
                exchange.getResponseBody().write(new byte[1 << 16]);   // until the client disconnects
            }
        });

        assertThat(body("/much").asString()).hasSize(256 * 1024);
        for (var path : List.of("/more", "/endless")) {
            assertThat(operations.error("http_request", "{'url': '%s'}".formatted(host.url(path))))
                    .isEqualTo(("GET %s answered HTTP 200 with a body of more than 262144 bytes, which is the most "
                            + "that is kept").formatted(host.url(path)));
        }
    }

    @Test
    void anUnexpectedStatusFailsTheTaskWithTheBody() {
        host.respond("/orders", json(422, "{'error': 'no\n  such item'}"), json(200, "{}"));

        var id = operations.start("http_request", "{'url': '%s', 'method': 'POST'}".formatted(host.url("/orders")));
        assertThat(operations.end(id).error().message())
                .isEqualTo("POST %s answered HTTP 422: {\"error\": \"no such item\"}".formatted(host.url("/orders")));
        assertThat(host.requests()).hasSize(1);

        operations.store().runAgain(id, "fixed", new Caller("ann", "test"));
        assertThat(operations.end(id).status()).isEqualTo(Status.COMPLETED);
        assertThat(host.requests().stream().map(request -> request.header("Idempotency-key")).distinct()).hasSize(1);
    }

    @Test
    void theExpectedStatusesAreAnOption() {
        host.respond("/gone", status(404, "not here"));
        host.respond("/busy", status(503, "", "Retry-After: 5"));
        host.respond("/fine", status(200, ""));

        assertThat(operations.output("http_request", "{'url': '%s', 'expect': [404, 410]}".formatted(host.url("/gone")))
                .get("status").asInt()).isEqualTo(404);
        assertThat(operations.output("http_request", "{'url': '%s', 'expect': [503]}".formatted(host.url("/busy")))
                .get("status").asInt()).isEqualTo(503);
        assertThat(operations.error("http_request", "{'url': '%s', 'expect': [404]}".formatted(host.url("/fine"))))
                .endsWith("answered HTTP 200");
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void anOverloadedServerIsCalledAgainWithTheSameKey(int status) {
        host.respond("/x", status(status, "busy"), status(status, ""), status(200, "there"));

        assertThat(operations.output("http_request", "{'url': '%s', 'method': 'POST'}".formatted(host.url("/x")))
                .get("body").asString()).isEqualTo("there");

        assertThat(host.requests()).hasSize(3);
        assertThat(host.requests().stream().map(request -> request.header("Idempotency-key")).distinct()).hasSize(1);
    }

    @Test
    void retryAfterIsSecondsOrADate() {
        assertThat(reply("Retry-After", "120")).contains("PT2M");
        assertThat(reply("Retry-After", "Wed, 21 Oct 2026 07:28:30 GMT")).contains("PT30S");
        assertThat(reply("Retry-After", "99999999999")).contains("PT24H");
        assertThat(reply("Retry-After", "soon")).isEmpty();
        assertThat(reply("X", "1")).isEmpty();
    }

    private static Optional<String> reply(String name, String value) {
        return new HttpReply(URI.create("http://x"), 503,
                Map.of(name.toLowerCase(), value, "date", "Wed, 21 Oct 2026 07:28:00 GMT"), new byte[0], true)
                .retryAfter().map(Object::toString);
    }

    @Test
    void aLongDelayHoldsNoThread() {
        host.respond("/x", status(503, "", "Retry-After: 3600"));
        var id = operations.start("http_request", "{'url': '%s'}".formatted(host.url("/x")));

        await().atMost(10, TimeUnit.SECONDS).until(() -> operations.find(id).delayed());

        assertThat(operations.find(id).status()).isEqualTo(Status.WAITING);
        assertThat(operations.find(id).progress().message()).isEqualTo("HTTP 503; try 2 of 5 in 3600.0 s");
        operations.store().cancel(id, null, new Caller("ann", "test"));
        assertThat(operations.end(id).status()).isEqualTo(Status.CANCELLED);
    }

    @Test
    void anUnreachableServerFailsTheTaskAfterTheLastTry() {
        var url = host.url("/x");
        host.close();

        assertThat(operations.error("http_request", "{'url': '%s', 'tries': 3}".formatted(url)))
                .startsWith("GET " + url + ": no response: Connect to").endsWith("tried 3 times");
        assertThat(operations.error("http_request", "{'url': 'http://localhost.:1', 'tries': 1}"))
                .startsWith("host localhost. is not allowed");
    }

    @Test
    void aServerThatTimesOutIsCalledAgain() {
        var over = new CountDownLatch(1);
        host.respond("/x", exchange -> awaited(over), status(200, "there"));
        var id = operations.start("http_request", "{'url': '%s'}".formatted(host.url("/x")));
        await().atMost(10, TimeUnit.SECONDS).until(() -> String.valueOf(operations.find(id).progress().message())
                .startsWith("no response: Read timed out; try 2 of 5"));
        over.countDown();

        assertThat(operations.end(id).output().get("body").asString()).isEqualTo("there");
    }

    @Test
    void aRunningCallCanBeCancelled() {
        var over = new CountDownLatch(1);
        host.respond("/x", exchange -> awaited(over));
        var id = operations.start("http_request", "{'url': '%s', 'tries': 20}".formatted(host.url("/x")));
        await().until(() -> !host.requests().isEmpty());

        operations.store().cancel(id, null, new Caller("ann", "test"));

        assertThat(operations.end(id).status()).isEqualTo(Status.CANCELLED);
        over.countDown();
    }

    private static void awaited(CountDownLatch over) {
        try {
            over.await(30, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aLocationOfA202IsPolledUntilTheWorkHasFinished() {
        host.respond("/reports", json(202, "{}", "Location: /jobs/7"));
        host.respond("/jobs/7", json(202, "{'progress': 25}"), status(503, ""),
                json(202, "{'percent_complete': 75.5}", "Location: jobs/8"));
        host.respond("/jobs/jobs/8", json(202, "{'progress': 'most'}"), status(303, "", "Location: /results/7"));
        host.respond("/results/7", json(200, "{'rows': 3}"));

        var operation = operations.run("http_request",
                "{'url': '%s', 'json': {}, 'headers': {'Authorization': 'Bearer t'}}".formatted(host.url("/reports")));

        assertThat(operation.error()).isNull();
        assertThat(operation.output().get("body").get("rows").asInt()).isEqualTo(3);
        assertThat(operation.output().get("polls").asInt()).isEqualTo(5);
        assertThat(operation.progress().message()).isEqualTo("HTTP 200, polled 5 times");
        assertThat(host.requests())
                .hasToString("[POST /reports, GET /jobs/7, GET /jobs/7, GET /jobs/7, GET /jobs/jobs/8, GET "
                + "/jobs/jobs/8, GET /results/7]");
        assertThat(host.requests()).allMatch(request -> request.header("Authorization").equals("Bearer t"));
        assertThat(host.requests().getLast().header("Content-type")
                + host.requests().getLast().header("Idempotency-key"))
                .isEmpty();
    }

    @Test
    void pollsAreReportedAsProgress() {
        host.respond("/reports", status(202, "", "Location: /jobs/7", "Retry-After: 0"));
        host.respond("/jobs/7", json(202, "{'progress': 25}"), json(202, "{'progress': 50}", "Retry-After: 3600"));
        var id = operations.start("http_request", "{'url': '%s'}".formatted(host.url("/reports")));

        await().atMost(10, TimeUnit.SECONDS).until(() -> operations.find(id).delayed());

        assertThat(operations.find(id).progress().message()).isEqualTo("HTTP 202, polled 2 times");
        assertThat(operations.find(id).progress().percent()).isEqualTo(50);
        operations.store().cancel(id, null, new Caller("ann", "test"));
    }

    @Test
    void anOperationLocationReturnsTheStateOfTheWork() {
        host.respond("/train", status(202, "", "Operation-Location: /operations/1", "Location: /models/1"));
        host.respond("/operations/1", json(200, "{'status': 'notStarted'}"), json(200,
                "{'status': 'Running', 'percentComplete': 40}"), json(200, "{'status': 'Succeeded', 'model': 1}"));
        host.respond("/fails", status(202, "", "Operation-Location: /operations/2"));
        host.respond("/operations/2", json(200, "{'status': 'Failed', 'error': 'no data'}"));

        assertThat(operations.output("http_request", "{'url': '%s', 'method': 'PUT'}".formatted(host.url("/train")))
                .get("body").get("model").asInt()).isEqualTo(1);
        assertThat(operations.error("http_request", "{'url': '%s', 'method': 'PUT'}".formatted(host.url("/fails"))))
                .isEqualTo("the work at %s ended: {\"status\": \"Failed\", \"error\": \"no data\"}"
                        .formatted(host.url("/operations/2")));
    }

    @Test
    void a202IsFinalWithoutALocationOrOnRequest() {
        host.respond("/x", status(202, "later"));
        host.respond("/y", status(202, "later", "Location: /jobs/1"));

        assertThat(operations.output("http_request", "{'url': '%s'}".formatted(host.url("/x"))).get("status").asInt())
                .isEqualTo(202);
        assertThat(operations.output("http_request", "{'url': '%s', 'poll': false}".formatted(host.url("/y")))
                .get("headers").get("location").asString()).isEqualTo("/jobs/1");
    }

    @Test
    void redirectsAreFollowed() {
        host.respond("/a", status(307, "", "Location: /b"));
        host.respond("/b", status(302, "", "Location: /c"));
        host.respond("/c", status(200, "here"));
        host.respond("/loop", status(302, "", "Location: /loop"));

        assertThat(operations.output("http_request", "{'url': '%s', 'text': 'hi'}".formatted(host.url("/a")))
                .get("body").asString()).isEqualTo("here");
        assertThat(host.requests().stream().map(request -> request + " " + request.body()))
                .containsExactly("POST /a hi", "POST /b hi", "GET /c ");
        assertThat(operations.error("http_request", "{'url': '%1$s'}".formatted(host.url("/loop"))))
                .isEqualTo("%1$s was redirected more than 5 times, at last to %1$s".formatted(host.url("/loop")));
    }

    @Test
    void secretHeadersAreNotSentToAnotherOrigin() {
        try (var other = new TestHttpServer()) {   // another port is another origin
            host.respond("/a", status(307, "", "Location: " + other.url("/b")));
            other.respond("/b", status(202, "", "Location: /c"));
            other.respond("/c", status(200, ""));

            operations.output("http_request",
                    ("{'url': '%s', 'text': 'hi', 'headers': {'authorization': 'Bearer t', 'X-Api-Key': 'k', "
                    + "'Cookie': 'c=1'}}").formatted(host.url("/a")));

            assertThat(host.requests().getFirst().headers()).containsKeys("Authorization", "X-api-key", "Cookie");
            assertThat(other.requests()).hasToString("[POST /b, GET /c]");
            assertThat(other.requests()).allMatch(request -> request.headers().keySet().stream()
                    .noneMatch(List.of("Authorization", "X-api-key", "Cookie")::contains));
            assertThat(other.requests().getFirst().headers()).containsKeys("Content-type", "Idempotency-key");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            http://evil.example/            | host evil.example is not allowed: longhaul.http-request.allowed-hosts \
            has 127.0.0.1, localhost
            http://localhost:PORT/          | host localhost has the private address 127.0.0.1: \
            longhaul.http-request.allow-private-addresses does not name it
            http://2130706433:PORT/         | host 2130706433 has the private address 127.0.0.1
            http://[::1]:PORT/              | host ::1 has the private address 0:0:0:0:0:0:0:1
            http://169.254.169.254/latest/  | host 169.254.169.254 has the forbidden address 169.254.169.254
            http://0.0.0.0:PORT/            | host 0.0.0.0 has the forbidden address 0.0.0.0
            http://[::ffff:127.0.0.1]:PORT/ | host ::ffff:127.0.0.1 is not allowed
            """)
    void noUrlRedirectOrPollReachesAForbiddenAddress(String url, String error) {
        var target = url.replace("PORT", host.url("").replaceAll(".*:", ""));
        host.respond("/redirect", status(302, "", "Location: " + target));
        host.respond("/poll", status(202, "", "Location: " + target));

        assertThat(operations.error("http_request", "{'url': '%s'}".formatted(target))).startsWith(error);
        assertThat(operations.error("http_request", "{'url': '%s'}".formatted(host.url("/redirect"))))
                .startsWith(error);
        assertThat(operations.error("http_request", "{'url': '%s'}".formatted(host.url("/poll")))).startsWith(error);
        assertThat(host.requests()).hasToString("[GET /redirect, GET /poll]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:///etc/passwd", "ftp://127.0.0.1/", "http:///x", "http://user:secret@127.0.0.1/",
            "http://0x7f.1/", "http://127.1/", "http://127.0.0.1:99999/"})
    void anInvalidLocationIsNotFollowed(String url) {
        host.respond("/x", status(302, "", "Location: " + url));

        assertThat(operations.error("http_request", "{'url': '%s'}".formatted(host.url("/x"))))
                .startsWith("the location that " + host.url("/x") + " answered must");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
            'url': 'ftp://127.0.0.1/'                                         | \
            url must begin with http:// or https://, not be "ftp://127.0.0.1/"
            'url': '/orders'                                                  | url must begin with http:// or https://
            'url': 'http://a b/'                                              | url must be a URL, not "http://a b/"
            'url': 'https://me:secret@127.0.0.1/'                             | \
            url must not contain a user or password: use the header Authorization
            'url': 'http://0x7f.1/'                                           | \
            url must name a host, like https://api.example.org/orders, not be "http://0x7f.1/"
            'url': 'http://127.0.0.1/', 'method': 'BREW'                      | method
            'url': 'http://127.0.0.1/', 'method': 'GET', 'text': 'x'          | \
            a GET has no body: leave out json and text, or choose another method
            'url': 'http://127.0.0.1/', 'json': {}, 'text': 'x'               | expected json or text, not both
            'url': 'http://127.0.0.1/', 'headers': {'Host': 'x'}              | headers must not contain "Host"
            'url': 'http://127.0.0.1/', 'headers': {'A B': 'x'}               | headers must not contain "A B"
            'url': 'http://127.0.0.1/', 'headers': {'A': 'x\\r\\nB: y'}       | \
            the header A must be printable ASCII of at most 8000 characters
            'url': 'http://127.0.0.1/', 'headers': {'A': 'x', 'a': 'y'}       | \
            headers must be at most 100, each given once
            'url': 'http://127.0.0.1/', 'headers': {'A': 5}                   | headers
            'url': 'http://127.0.0.1/', 'expect': [99]                        | \
            expect must be statuses from 200 to 599, not [99]
            'url': 'http://127.0.0.1/', 'tries': 0                            | \
            tries: must have a minimum value of 1, not 0
            """)
    void anInvalidInputIsRefusedAtSubmission(String input, String error) {
        assertThatThrownBy(() -> operations.start("http_request", "{" + input + "}")).isInstanceOf(InvalidInput.class)
                .hasMessageContaining(error);
    }

    @Test
    void noHostIsAllowedByDefault() {
        var second = Duration.ofSeconds(1);
        var settings = new HttpRequestSettings(List.of(), List.of(), second, second, second, second);

        assertThatThrownBy(() -> settings.requireAllowed("api.example.org"))
                .hasMessage("host api.example.org is not allowed: longhaul.http-request.allowed-hosts has none");
    }
}
