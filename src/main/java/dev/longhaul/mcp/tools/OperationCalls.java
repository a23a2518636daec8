package dev.longhaul.mcp.tools;

import dev.longhaul.live.Subscriber;
import dev.longhaul.live.Subscribers;
import dev.longhaul.mcp.rpc.ClientDisconnected;
import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.InputRounds;
import dev.longhaul.mcp.rpc.JsonRpcError;
import dev.longhaul.mcp.rpc.McpSettings;
import dev.longhaul.mcp.rpc.ProtocolRevision;
import dev.longhaul.mcp.rpc.VisibleOperations;
import dev.longhaul.mcp.tasks.Elicitations;
import dev.longhaul.mcp.tasks.TaskCallResults;
import dev.longhaul.mcp.tasks.TaskMethods;
import dev.longhaul.mcp.tasks.TaskView;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Submission;
import dev.longhaul.operation.WaitReason;
import dev.longhaul.store.DatabaseOutage;
import dev.longhaul.store.OperationStore;
import dev.longhaul.tool.Capability;
import dev.longhaul.types.TaskRegistry;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Tool calls that an operation serves. A client that follows tasks gets a task; another waits for the result, and
/// after `longhaul.mcp.call-wait` gets the operation's id.
@Component
public class OperationCalls {

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final TaskRegistry tasks;
    private final OperationStore store;
    private final VisibleOperations operations;
    private final Subscribers subscribers;
    private final Elicitations elicitations;
    private final InputRounds rounds;
    private final TaskView views;
    private final TaskCallResults results;
    private final SessionCalls sessions;
    private final McpSettings settings;
    private final JsonMapper json;

    OperationCalls(TaskRegistry tasks, OperationStore store, VisibleOperations operations, Subscribers subscribers,
            Elicitations elicitations, InputRounds rounds, TaskView views,
            TaskCallResults results, ObjectProvider<SessionCalls> sessions, McpSettings settings, JsonMapper json) {
        this.tasks = tasks;
        this.store = store;
        this.operations = operations;
        this.subscribers = subscribers;
        this.elicitations = elicitations;
        this.rounds = rounds;
        this.views = views;
        this.results = results;
        this.sessions = sessions.getIfAvailable(() -> new SessionCalls() { });
        this.settings = settings;
        this.json = json;
    }

    /// Responds after the operation is committed.
    ///
    /// @param onlyAsTask whether only clients that follow tasks may call it
    @Nullable ObjectNode begin(Submission submission, boolean onlyAsTask, CallScope now) throws InterruptedException {
        var client = now.client();
        var asTask = client.isModern() ? client.can().contains(Capability.TASKS) : sessions.asksForTask(now);
        if (onlyAsTask && !asTask) {
            refuseToWait(client);
        }
        var key = now.request().meta().path("dev.longhaul/idempotencyKey");
        var submitted = store.submit(tasks.checked(submission.withTraceParent(now.call().traceParent())
                .withIdempotencyKey(key.isString() ? key.asString() : submission.idempotencyKey())), client.caller())
                        .operation();
        if (!asTask) {
            return await(submitted, now);
        }
        return client.isModern() ? views.created(submitted).put("resultType", "task") : sessions.task(submitted, now);
    }

    private void refuseToWait(ClientProfile client) {
        if (client.isModern()) {
            TaskMethods.requireTasks(client);
        }
        if (sessions.hasTasks(client)) {
            throw client.noMethod("this tool has to be called as a task");
        }
        throw new IllegalArgumentException("this takes too long for a call that waits; start it with "
                + "start_long_task");
    }

    /// Whether the state belongs to a call that waits for its operation.
    boolean isContinued(@Nullable JsonNode state) {
        return state != null && state.path("operation").isString();
    }

    /// The next round of a call whose operation had an open input request.
    @Nullable ObjectNode proceed(JsonNode state, Map<String, JsonNode> answers, CallScope now)
            throws InterruptedException {
        var id = OperationId.parse(state.path("operation").asString());
        var operation = operations.get(id, now.client().caller());
        answers.forEach((name, answer) -> elicitations.answer(id, name, answer, now.client().caller()));
        return await(operation, now);
    }

    /// The rest of a call whose connection was lost or ended early.
    ///
    /// @return null: the client has to reconnect again
    public @Nullable ObjectNode resume(OperationId id, CallScope now) throws InterruptedException {
        return await(operations.get(id, now.client().caller()), now);
    }

    private @Nullable ObjectNode await(Operation operation, CallScope now) throws InterruptedException {
        try (var subscriber = subscribers.subscribe(operation.id(), operation.version());
             var _ = sessions.register(now, () -> store.cancel(operation.id(), "cancelled by its client",
                     now.client().caller()))) {
            return await(operation, subscriber, now);
        } catch (InterruptedException | ClientDisconnected stopped) {
            if (now.exchange().isGone() && now.client().isModern()) {
                store.cancel(operation.id(), "its client closed the stream of the call", now.client().caller());
            }
            throw stopped;
        } catch (RuntimeException failed) {
            // its stream has begun with an id
            if (DatabaseOutage.isCauseOf(failed) && sessions.isResumable(now)
                    && now.client().speaks(ProtocolRevision.V2025_11_25)) {
                now.exchange().pause(RETRY);
                return null;
            }
            throw failed;
        }
    }

    private @Nullable ObjectNode await(Operation first, Subscriber subscriber, CallScope now)
            throws InterruptedException {
        var until = System.nanoTime() + (now.call().wantsProgress() ? Duration.ofDays(365) : settings.callWait())
                .toNanos();
        var held = sessions.isResumable(now) ? System.nanoTime() + settings.streamRotation().toNanos() : Long.MAX_VALUE;
        sessions.prime(first, now);
        var operation = operations.get(first.id(), now.client().caller());
        var sender = sessions.sender(now.client(), now.exchange());
        var isOver = operation.isOver();
        while (!isOver) {
            if (operation.waitsFor() == WaitReason.ANSWER) {
                var open = elicitations.open(operation, now.client().can());
                if (now.client().isModern() && !open.isEmpty()) {
                    return rounds.required(elicitations.requests(operation, open, now.client()), now.subject(),
                            json.createObjectNode().put("operation", operation.id().toString()));
                }
                if (!sender.send(operation, open)) {
                    break;   // a person may take long
                }
            }
            var change = subscriber.next(Duration.ofNanos(Math.min(until, held) - System.nanoTime()));
            if (change.isPresent()) {
                operation = change.get().operation();
                isOver = change.get().isLast();
                now.call().progress(operation);
            } else if (System.nanoTime() < until && (System.nanoTime() >= held || subscriber.isClosed()
                    && sessions.isResumable(now))) {
                now.exchange().pause(RETRY);   // rotation, or this node stops: any node resumes
                return null;
            } else {
                break;
            }
        }
        return result(operations.get(first.id(), now.client().caller()));
    }

    private ObjectNode result(Operation operation) {
        if (!operation.isOver()) {
            return results.goesOn(operation, elicitations.open(operation));
        }
        TaskCallResults.protocolError(operation, json).ifPresent(error -> {
            throw new JsonRpcError(HttpStatus.OK, error.path("code").asInt(), error.path("message").asString());
        });
        return results.ended(operation);
    }
}
