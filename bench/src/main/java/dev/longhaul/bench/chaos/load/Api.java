package dev.longhaul.bench.chaos.load;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.longhaul.bench.chaos.journal.Entry.Unexpected;
import dev.longhaul.bench.chaos.journal.Journal;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Requests to any of the nodes. A request that was not answered, or with 503, is repeated at the next node.
public final class Api {

    static final JsonMapper JSON = new JsonMapper();
    private static final Duration TIMEOUT = Duration.ofSeconds(4);
    private static final int LONGEST_PAUSE = 300;

    private final List<URI> nodes;
    private final Journal journal;
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(2)).executor(Executors.newVirtualThreadPerTaskExecutor()).build();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLong unanswered = new AtomicLong();
    private volatile boolean isOver;

    public record Answer(int status, JsonNode body) {

        public boolean isGood() {
            return status / 100 == 2;
        }
    }

    public Api(List<URI> nodes, Journal journal) {
        this.nodes = nodes;
        this.journal = journal;
    }

    /// No request is repeated any more.
    void stop() {
        isOver = true;
    }

    public long answered() {
        return answered.get();
    }

    /// Requests without an answer, or with 503 or 429.
    public long unanswered() {
        return unanswered.get();
    }

    /// @param idempotencyKey null: none
    /// @return null: nobody answered before the end of the load
    public @Nullable Answer insist(String method, String path, String body, @Nullable String idempotencyKey)
            throws InterruptedException {
        for (var turn = ThreadLocalRandom.current().nextInt(nodes.size()); !isOver; turn++) {
            try {
                var answer = once(nodes.get(turn % nodes.size()), method, path, body, idempotencyKey);
                if (answer.status < 500 && answer.status != 429) {
                    answered.incrementAndGet();
                    return answer;
                }
                if (answer.status != 503 && answer.status != 429) {
                    journal.add(new Unexpected(method + " " + path, answer.status, answer.body.toString()));
                }
            } catch (IOException unknown) {
                // it may have been applied
            }
            unanswered.incrementAndGet();
            Thread.sleep(ThreadLocalRandom.current().nextInt(20, LONGEST_PAUSE));
        }
        return null;
    }

    /// A request that is always good.
    ///
    /// @return null: nobody answered before the end of the load, or it was refused
    @Nullable JsonNode accepted(String method, String path, String body, @Nullable String idempotencyKey)
            throws InterruptedException {
        var answer = insist(method, path, body, idempotencyKey);
        if (answer != null && !answer.isGood()) {
            journal.add(new Unexpected(method + " " + path, answer.status, answer.body.toString()));
            return null;
        }
        return answer == null ? null : answer.body;
    }

    private Answer once(URI node, String method, String path, String body, @Nullable String idempotencyKey)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(node.resolve(path)).timeout(TIMEOUT)
                .header("Content-Type", "application/json")
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (idempotencyKey != null) {
            request.header("Idempotency-Key", "\"" + idempotencyKey + "\"");
        }
        var response = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Answer(response.statusCode(), response.body().isEmpty() ? MissingNode.getInstance()
                : read(response.body()));
    }

    private static JsonNode read(String body) throws IOException {
        try {
            return JSON.readTree(body);
        } catch (JsonProcessingException cut) {
            throw new IOException("no JSON: " + body, cut);
        }
    }

    /// `{"type": …}` from names and values.
    static String json(Map<String, ?> members) {
        try {
            return JSON.writeValueAsString(members);
        } catch (JsonProcessingException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }
}
