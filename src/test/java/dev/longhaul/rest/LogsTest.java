package dev.longhaul.rest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.web.server.LocalServerPort;
import tools.jackson.databind.json.JsonMapper;

/// What an operation logged, as a page and line by line.
@LonghaulTest
class LogsTest {

    private static final JsonMapper json = new JsonMapper();

    @LocalServerPort
    int port;
    private RestClient client;
    private String operation;
    private String run;

    @BeforeEach
    void begin() throws Exception {
        client = new RestClient(port);
        var tracked = client.post("/api/v1/operations:track", "{\"type\": \"backup\"}");
        operation = "/api/v1/operations/" + tracked.text("/operation_id");
        run = tracked.text("/run_id");
    }

    @Test
    void allLinesComeOneByOneHoweverManyThereAre() throws Exception {
        log("info", 1, 1_000);
        log("warn", 1_001, 1_200);

        var lines = client.get(operation + "/logs", "Accept", "application/x-ndjson");

        assertThat(lines.header("Content-Type")).isEqualTo("application/x-ndjson");
        assertThat(lines.response().body().lines().map(line -> json.readTree(line).get("message").asString()).toList())
                .isEqualTo(IntStream.rangeClosed(1, 1_200).mapToObj(n -> "file " + n).toList());
        assertThat(json.readTree(lines.response().body().lines().findFirst().orElseThrow()))
                .isEqualTo(client.get(operation + "/logs?limit=1").json().at("/lines/0"));
        assertThat(client.get(operation + "/logs?level=warn&after=1100&limit=3", "Accept", "application/x-ndjson")
                .response().body().lines()
                .map(line -> json.readTree(line).get("line").asInt()).toList()).containsExactly(1_101, 1_102, 1_103);
    }

    @Test
    void whoFollowsGetsWhatIsYetToBeLoggedUntilTheOperationIsOver() throws Exception {
        log("info", 1, 2);
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + operation + "/logs?follow=true"))
                .header("Accept", "application/x-ndjson").build();
        var response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofInputStream());
        try (var reader = new BufferedReader(new InputStreamReader(response.body()))) {
            assertThat(message(reader)).isEqualTo("file 1");
            assertThat(message(reader)).isEqualTo("file 2");
            log("error", 3, 3);
            assertThat(message(reader)).isEqualTo("file 3");
            client.post(operation + "/run:complete", "{\"run_id\": \"%s\", \"log\": [{\"message\": \"goodbye\"}]}"
                    .formatted(run));
            assertThat(message(reader)).isEqualTo("goodbye");
            assertThat(reader.readLine()).as("the end").isNull();
        }
        assertThat(client.get(operation + "/logs?follow=true", "Accept", "application/x-ndjson").response().body()
                .lines().count()).as("of one that is over: what there is").isEqualTo(4);
    }

    @Test
    void whoeverAlsoAcceptsJsonGetsAPageAndAPageIsNotFollowed() throws Exception {
        log("info", 1, 1);

        for (var accept : List.of("*/*", "application/json", "application/x-ndjson;q=0.5, application/json")) {
            assertThat(client.get(operation + "/logs", "Accept", accept).header("Content-Type")).as(accept)
                    .isEqualTo("application/json");
        }
        assertThat(client.get(operation + "/logs", "Accept", "text/html").code()).isEqualTo("not-acceptable");
        assertThat(client.get(operation + "/logs?follow=true").text("/detail"))
                .isEqualTo("follow goes with Accept: application/x-ndjson and without a limit");
        assertThat(client.get("/api/v1/operations/01a20923-0ed0-73f3-acba-03587e229145/logs", "Accept",
                "application/x-ndjson").code()).isEqualTo("no-such-operation");
    }

    private static String message(BufferedReader reader) throws Exception {
        return json.readTree(reader.readLine()).get("message").asString();
    }

    private void log(String level, int from, int to) throws Exception {
        var lines = IntStream.rangeClosed(from, to)
                .mapToObj(n -> "{\"level\": \"%s\", \"message\": \"file %d\"}".formatted(level, n))
                .collect(Collectors.joining(", "));
        var answer = client.post(operation + "/run:log", "{\"run_id\": \"%s\", \"lines\": [%s]}".formatted(run, lines));
        assertThat(answer.status()).as(answer.response().body()).isEqualTo(200);
    }
}
