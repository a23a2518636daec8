package dev.longhaul.rest;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// For every endpoint a request that it grants, with whatever has to be there for it. An endpoint without one fails the
/// contract's test.
final class ValidRequests {

    private static final JsonMapper json = new JsonMapper();
    static final String TYPE = "contract_job";

    private final RestClient client;
    private final String queue = "contract-" + UUID.randomUUID();

    ValidRequests(RestClient client) {
        this.client = client;
    }

    /// @param places what stands in the braces of the path
    record Request(Map<String, String> places, @Nullable String query, @Nullable ObjectNode body) {

        String path(String template) {
            var path = template;
            for (var place : places.entrySet()) {
                path = path.replace("{" + place.getKey() + "}", RestClient.encoded(place.getValue()));
            }
            return query == null ? path : path + "?" + query;
        }

        Request at(String place, String value) {
            return new Request(Map.of(place, value), query, body);
        }

        Request with(String name, Object value) {
            var changed = body == null ? json.createObjectNode() : body.deepCopy();
            changed.set(name, json.valueToTree(value));
            return new Request(places, query, changed);
        }
    }

    Request of(String endpoint) throws Exception {
        return switch (endpoint) {
            case "GET /api/v1/audit", "GET /api/v1/error-groups", "GET /api/v1/events", "GET /api/v1/operations",
                    "GET /api/v1/operations:counts", "GET /api/v1/queues", "GET /api/v1/schedules",
                 "GET /api/v1/stats", "GET /api/v1/types", "GET /api/v1/webhooks", "GET /api/v1/whoami",
                 "GET /api/v1/workers", "GET /api/v1/workflows:schema" -> nothing();
            case "GET /api/v1/operations:autocomplete" -> new Request(Map.of(), "field=type", null);
            case "POST /api/v1/operations" -> body(simulation());
            case "GET /api/v1/operations/{id}", "GET /api/v1/operations/{id}/attempts",
                    "GET /api/v1/operations/{id}/history", "GET /api/v1/operations/{id}/logs" -> id(pending());
            case "GET /api/v1/operations/{id}/events", "GET /api/v1/operations/{id}/result" -> id(completed());
            case "PATCH /api/v1/operations/{id}" -> id(pending()).with("priority", 3);
            case "POST /api/v1/operations/{id}:cancel", "POST /api/v1/operations/{id}:pause",
                    "POST /api/v1/operations/{id}:promote", "POST /api/v1/operations/{id}:resume",
                    "POST /api/v1/operations/{id}:rerun" ->
                    id(pending()).with("reason", "as the contract says");
            case "POST /api/v1/operations/{id}:retry" -> id(cancelled()).with("reason", "as the contract says");
            case "POST /api/v1/operations/{id}:eraseData" -> id(cancelled()).with("reason", "as the contract says");
            case "POST /api/v1/operations/{id}:reschedule" -> id(pending()).with("delay", "2h");
            case "POST /api/v1/operations/{id}:provideInput" -> id(asking()).with("answer", Map.of("approved", true));
            case "POST /api/v1/operations/{id}/run:report" -> run().with("progress", 40);
            case "POST /api/v1/operations/{id}/run:step" -> run().with("name", "load").with("result", 7);
            case "POST /api/v1/operations/{id}/run:log" -> run().with("lines", List.of(Map.of("message", "half way")));
            case "POST /api/v1/operations/{id}/run:complete" -> run().with("output", Map.of("rows", 7));
            case "POST /api/v1/operations/{id}/run:fail" -> run().with("message", "no such file");
            case "POST /api/v1/operations/{id}/run:release" -> run().with("reason", "a deploy");
            case "POST /api/v1/operations/{id}/run:sleep" -> run().with("name", "night").with("seconds", 3600);
            case "POST /api/v1/operations/{id}/run:ask" -> question(run());
            case "POST /api/v1/operations/{id}/run:await" -> run();
            case "POST /api/v1/operations/{id}/run:submit" -> run().with("name", "parts")
                    .with("children", List.of(Map.of("type", TYPE, "queue", "contract-parts")));
            case "POST /api/v1/operations:batchCreate" -> body(Map.of("operations", List.of(simulation(), simulation())));
            case "POST /api/v1/operations:bulkTag" ->
                    body(Map.of("filter", "queue:" + queue + "-none", "add", List.of("contract")));
            case "POST /api/v1/operations:bulkCancel", "POST /api/v1/operations:bulkRetry",
                    "POST /api/v1/operations:bulkPause", "POST /api/v1/operations:bulkResume",
                 "POST /api/v1/operations:bulkRerun" -> body(Map.of("filter", "queue:" + queue + "-none"));
            case "POST /api/v1/operations:track" -> body(Map.of("type", "contract_backup", "queue", queue));
            case "GET /api/v1/queues/{name}", "POST /api/v1/queues/{name}:pause", "POST /api/v1/queues/{name}:resume" ->
                    new Request(Map.of("name", queue), null, null);
            case "PUT /api/v1/queues/{name}/limit" -> new Request(Map.of("name", queue), null, null)
                    .with("max_running", 2);
            case "POST /api/v1/schedules" -> body(terms());
            case "GET /api/v1/schedules/{schedule}", "DELETE /api/v1/schedules/{schedule}",
                    "GET /api/v1/schedules/{schedule}/runs", "POST /api/v1/schedules/{schedule}:pause",
                 "POST /api/v1/schedules/{schedule}:resume", "POST /api/v1/schedules/{schedule}:trigger" -> schedule();
            case "PUT /api/v1/schedules/{schedule}" -> new Request(schedule().places, null, json.valueToTree(terms()));
            case "POST /api/v1/schedules/{schedule}:backfill" -> schedule().with("from", "2026-01-08T00:00:00Z")
                    .with("to", "2026-01-08T00:00:01Z");
            case "POST /api/v1/schedules:preview" -> body(Map.of("cron", "30 2 * * MON-FRI"));
            case "GET /api/v1/types/{type}" -> new Request(Map.of("type", "simulation"), null, null);
            case "POST /api/v1/webhooks" -> body(webhook());
            case "GET /api/v1/webhooks/{id}", "DELETE /api/v1/webhooks/{id}", "GET /api/v1/webhooks/{id}/deliveries",
                    "POST /api/v1/webhooks/{id}:rotateSecret",
                 "POST /api/v1/webhooks/{id}:test" -> id(addedWebhook());
            case "PATCH /api/v1/webhooks/{id}" -> id(addedWebhook()).with("enabled", false);
            case "POST /api/v1/webhooks/{id}/deliveries/{delivery}:redeliver" -> delivery();
            case "POST /api/v1/workers" -> body(registration());
            case "GET /api/v1/workers/{id}", "DELETE /api/v1/workers/{id}", "POST /api/v1/workers/{id}:claim",
                    "POST /api/v1/workers/{id}:heartbeat" ->
                    id(worker());
            case "POST /api/v1/workers/{id}:drain" -> id(worker()).with("reason", "as the contract says");
            case "POST /api/v1/workers/{id}:resume" -> id(worker());
            case "POST /api/v1/workers/{id}:sync" -> id(worker()).with("claim", Map.of("max", 1));
            case "POST /api/v1/workflows" -> body(workflow());
            case "GET /api/v1/workflows/{id}", "POST /api/v1/workflows/{id}:cancel" ->
                    id(told("/api/v1/workflows", workflow(), "/operation_id"));
            case "GET /api/v1/workflows/{id}/events" -> {
                var id = told("/api/v1/workflows", workflow(), "/operation_id");
                client.post("/api/v1/workflows/" + id + ":cancel", null);
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> client.get("/api/v1/operations/" + id).text("/status").equals("cancelled"));
                yield id(id);
            }
            default -> throw new AssertionError("the contract has no request for " + endpoint
                    + ": say in Granted which it grants");
        };
    }

    private static Request nothing() {
        return new Request(Map.of(), null, null);
    }

    private static Request body(Map<String, ?> body) {
        return new Request(Map.of(), null, json.valueToTree(body));
    }

    private static Request id(String id) {
        return new Request(Map.of("id", id), null, null);
    }

    Map<String, Object> simulation() {
        return Map.of("type", "simulation", "queue", queue, "delay", "1h", "input",
                Map.of("duration_seconds", 0, "steps", 1));
    }

    String pending() throws Exception {
        return told("/api/v1/operations", simulation(), "/operation_id");
    }

    String cancelled() throws Exception {
        var id = pending();
        told("/api/v1/operations/" + id + ":cancel", Map.of(), "/operation_id");
        return id;
    }

    /// A tracked one: it ends when it is told to.
    String completed() throws Exception {
        var tracked = tracked();
        client.post("/api/v1/operations/" + tracked.places.get("id") + "/run:complete",
                json.writeValueAsString(tracked.body));
        return tracked.places.get("id");
    }

    /// The operation and its run.
    Request tracked() throws Exception {
        var tracked = client.post("/api/v1/operations:track", "{\"type\": \"contract_backup\", \"queue\": \"" + queue
                + "\"}");
        return id(tracked.text("/operation_id")).with("run_id", tracked.text("/run_id"));
    }

    /// An operation that a worker has claimed, and its run.
    Request run() throws Exception {
        var queue = "contract-" + UUID.randomUUID();
        var worker = told("/api/v1/workers", Map.of("name", "contract", "types", List.of(Map.of("type", TYPE)),
                "queues", List.of(queue)), "/worker_id");
        told("/api/v1/operations", Map.of("type", TYPE, "queue", queue), "/operation_id");
        var claim = client.post("/api/v1/workers/" + worker + ":claim", "{\"wait_seconds\": 20}").json()
                .at("/claims/0");
        return id(claim.path("operation_id").asString()).with("run_id", claim.path("run_id").asString());
    }

    static Request question(Request run) {
        return run.with("name", "send").with("kind", "authorization").with("action", "Send to 1,204 customers?");
    }

    String asking() throws Exception {
        var run = question(run());
        told("/api/v1/operations/" + run.places.get("id") + "/run:ask", run.body, "/waiting");
        return run.places.get("id");
    }

    private Map<String, Object> registration() {
        return Map.of("name", "contract", "types", List.of(Map.of("type", TYPE)), "queues", List.of(queue));
    }

    private String worker() throws Exception {
        return told("/api/v1/workers", registration(), "/worker_id");
    }

    Map<String, Object> terms() {
        return Map.of("name", "contract-" + UUID.randomUUID(), "every", "24h", "operation",
                Map.of("type", "simulation", "queue", queue, "input", Map.of("duration_seconds", 0, "steps", 1)));
    }

    Request schedule() throws Exception {
        return new Request(Map.of("schedule", told("/api/v1/schedules", terms(), "/name")), null, null);
    }

    private static Map<String, Object> webhook() {
        return Map.of("url", "https://hooks.example.org/longhaul", "events", List.of("operation.failed"), "filter",
                "queue:contract-nobody");
    }

    private String addedWebhook() throws Exception {
        return told("/api/v1/webhooks", webhook(), "/webhook_id");
    }

    private Request delivery() throws Exception {
        var webhook = addedWebhook();
        return new Request(Map.of("id", webhook, "delivery", told("/api/v1/webhooks/" + webhook + ":test", Map.of(),
                "/delivery_id")), null, null);
    }

    Map<String, Object> workflow() {
        return Map.of("nodes", Map.of("only", Map.of("type", "approval", "input", Map.of("action", "Go on?"))));
    }

    private String told(String path, Object body, String pointer) throws IOException, InterruptedException {
        var answer = client.post(path, body instanceof JsonNode ? body.toString() : json.writeValueAsString(body));
        if (answer.status() >= 300) {
            throw new IllegalStateException(path + " -> " + answer.response().body());
        }
        return answer.text(pointer);
    }
}
