package dev.longhaul.rest;

import dev.longhaul.web.JsonBody;
import dev.longhaul.web.ProblemKind;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Provokes each problem at each endpoint that documents it: mostly the granted request with one thing wrong. A problem
/// that nothing here provokes fails the contract's test.
final class ProblemRequests {

    private static final UUID NOBODY = UUID.fromString("01a20923-0ed0-73f3-acba-03587e229145");

    private final RestClient client;
    private final ValidRequests granted;

    ProblemRequests(RestClient client, ValidRequests granted) {
        this.client = client;
        this.granted = granted;
    }

    /// @param names what the problem's detail has to name: what was expected, or what was found
    record Provoked(RestClient.Answer answer, List<String> names) {}

    Provoked provoke(OpenApi.Handler endpoint, ProblemKind kind) throws Exception {
        var right = granted.of(endpoint.name());
        return switch (kind) {
            case INVALID_REQUEST -> told(send(endpoint, new ValidRequests.Request(right.places(), "colour=red",
                    right.body())), "colour");
            case MALFORMED_JSON -> told(client.send(endpoint.method(), right.path(endpoint.path()),
                    "{\"a\": 1, \"a\": 2}"), "key twice", "line 1");
            case UNSUPPORTED_MEDIA_TYPE -> told(client.send(endpoint.method(), right.path(endpoint.path()), "{}",
                    "Content-Type", "text/plain"), "application/json", "text/plain");
            case TOO_LARGE -> told(client.send(endpoint.method(), right.path(endpoint.path()),
                    " ".repeat(limit(endpoint) + 1)), String.valueOf(limit(endpoint)));
            case INPUT_INVALID -> told(client.send(endpoint.method(), right.path(endpoint.path()), "[]"),
                    "object expected", "array found");
            case NO_SUCH_OPERATION -> told(send(endpoint, (right.body() != null && right.body().has("run_id")
                    ? right.with("run_id", NOBODY) : right).at("id", NOBODY.toString())), NOBODY.toString());
            case NO_SUCH_WORKER, WORKER_LOST -> told(send(endpoint, right.at("id", NOBODY.toString())),
                    NOBODY.toString());
            case NO_SUCH_WEBHOOK ->
                    told(send(endpoint, new ValidRequests.Request(Map.of("id", NOBODY.toString(), "delivery",
                    NOBODY.toString()), null, right.body())), NOBODY.toString());
            case NO_SUCH_SCHEDULE -> told(send(endpoint, right.at("schedule", "no-such-schedule")), "no-such-schedule");
            case NO_SUCH_TYPE -> told(send(endpoint, right.at("type", "no_such_type")), "no_such_type");
            case NO_SUCH_INPUT_REQUEST -> told(send(endpoint, right.with("name", "no-such-input-request")),
                    "no-such-input-request");
            case INVALID_FILTER -> told(send(endpoint, right.body() == null ? new ValidRequests.Request(right.places(),
                    "filter=colour:red", null) : right.with("filter", "colour:red")), "colour");
            case INVALID_PAGE_TOKEN -> told(send(endpoint, new ValidRequests.Request(right.places(), "page_token=AAAA",
                    null)), "next_page_token");
            case VERSION_MISMATCH -> told(send(endpoint, right, "If-Match", "\"v4711\""), "4711", "it is ");
            case RUN_LOST -> told(send(endpoint, right.with("run_id", NOBODY)), right.places().get("id"));
            case COUNT_MISMATCH -> told(send(endpoint, right.with("expected_count", 4711)), "4711", "0");
            case IDEMPOTENCY_CONFLICT -> keyUsedBefore(endpoint, right);
            case UNKNOWN_TYPE -> told(send(endpoint, unknownType(endpoint, right)), "no_such_type");
            case NAME_TAKEN -> {
                var taken = granted.schedule().places().get("schedule");
                yield told(send(endpoint, right.with("name", taken)), taken);
            }
            case NO_RESULT -> told(send(endpoint, right.at("id", granted.cancelled())), "cancelled");
            case STATE_CONFLICT -> stateConflict(endpoint, right);
            default -> throw new AssertionError(endpoint.name() + " documents " + kind.code()
                    + ": say in Refused how it comes to that");
        };
    }

    private Provoked keyUsedBefore(OpenApi.Handler endpoint, ValidRequests.Request right) throws Exception {
        var key = "contract-" + UUID.randomUUID();
        send(endpoint, right, "Idempotency-Key", key);
        var other = right.body() != null && right.body().has("operations")
                ? right.with("operations", List.of(granted.simulation()))
                : right.body() != null && right.body().has("nodes") ? right.with("name", "another") : right.body()
                != null && right.body().has("filter")
                ? right.with("filter", "queue:another-one") : right.with("queue", "another-one");
        return told(send(endpoint, other, "Idempotency-Key", key), key);
    }

    private static ValidRequests.Request unknownType(OpenApi.Handler endpoint, ValidRequests.Request right) {
        return switch (endpoint.path()) {
            case "/api/v1/operations" -> right.with("type", "no_such_type");
            case "/api/v1/operations/{id}/run:submit" -> right.with("children",
                    List.of(Map.of("type", "no_such_type")));
            default -> right.with("operation", Map.of("type", "no_such_type"));
        };
    }

    private Provoked stateConflict(OpenApi.Handler endpoint, ValidRequests.Request right) throws Exception {
        return switch (endpoint.path()) {
            case "/api/v1/workers" -> told(send(endpoint, right.with("types", List.of(Map.of("type", "csv_import")))),
                    "csv_import");
            case "/api/v1/operations/{id}:provideInput" -> told(send(endpoint, right.at("id", granted.pending())),
                    "pending", "has no open input request");
            case "/api/v1/operations/{id}:eraseData" -> told(send(endpoint, right.at("id", granted.pending())),
                    "pending", "cancel it first");
            case "/api/v1/operations/{id}/run:release", "/api/v1/operations/{id}/run:sleep",
                    "/api/v1/operations/{id}/run:ask", "/api/v1/operations/{id}/run:await" -> {
                var tracked = granted.tracked();
                yield told(send(endpoint, right.at("id", tracked.places().get("id")).with("run_id",
                        tracked.body().get("run_id"))), "tracked");
            }
            case "/api/v1/workers/{id}:drain" -> {
                send(endpoint, right);
                client.send("DELETE", "/api/v1/workers/" + right.places().get("id"), null);
                yield told(send(endpoint, right), "ended");
            }
            default -> told(send(endpoint, right.at("id", granted.completed())), "completed");
        };
    }

    RestClient.Answer send(OpenApi.Handler endpoint, ValidRequests.Request request, String... headers)
            throws Exception {
        return client.send(endpoint.method(), request.path(endpoint.path()), request.body() == null
                ? null : request.body().toString(), headers);
    }

    private static int limit(OpenApi.Handler endpoint) {
        return Arrays.stream(endpoint.handler().getMethodParameters())
                .map(parameter -> parameter.getParameterAnnotation(JsonBody.class)).filter(Objects::nonNull)
                .mapToInt(JsonBody::limit).findFirst().orElseThrow();
    }

    private static Provoked told(RestClient.Answer answer, @Nullable String... names) {
        return new Provoked(answer, Arrays.stream(names).map(Objects::requireNonNull).toList());
    }
}
