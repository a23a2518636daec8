package dev.longhaul.mcp.tools;

import dev.longhaul.live.Subscriber;
import dev.longhaul.live.Subscribers;
import dev.longhaul.mcp.rpc.Cancellations;
import dev.longhaul.mcp.rpc.ClientDisconnected;
import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.InputRounds;
import dev.longhaul.mcp.rpc.JsonRpcError;
import dev.longhaul.mcp.rpc.JsonRpcMessage;
import dev.longhaul.mcp.rpc.McpExchange;
import dev.longhaul.mcp.rpc.McpSettings;
import dev.longhaul.mcp.rpc.VisibleOperations;
import dev.longhaul.mcp.tasks.Elicitations;
import dev.longhaul.mcp.tasks.LegacyTaskMethods;
import dev.longhaul.mcp.tasks.StreamedElicitations;
import dev.longhaul.mcp.tasks.TaskCallResults;
import dev.longhaul.mcp.tasks.TaskMethods;
import dev.longhaul.mcp.tasks.TaskView;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Submission;
import dev.longhaul.operation.WaitReason;
import dev.longhaul.store.OperationStore;
import dev.longhaul.tool.Capability;
import dev.longhaul.types.TaskRegistry;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Calls that an operation carries: a task for who follows tasks, the result for who waits, and how to go on for who
/// cannot wait so long.
@Component
public class OperationCalls {

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final TaskRegistry tasks;
    private final OperationStore store;
    private final VisibleOperations operations;
    private final Subscribers watchers;
    private final Elicitations elicitations;
    private final InputRounds rounds;
    private final Cancellations cancellations;
    private final TaskView views;
    private final TaskCallResults results;
    private final StreamedElicitations streamed;
    private final ResumePoints places;
    private final McpSettings settings;
    private final JsonMapper json;

    OperationCalls(TaskRegistry tasks, OperationStore store, VisibleOperations operations, Subscribers watchers,
            Elicitations elicitations, InputRounds rounds, Cancellations cancellations,
                   TaskView views, TaskCallResults results, StreamedElicitations streamed, ResumePoints places,
                   McpSettings settings, JsonMapper json) {
        this.tasks = tasks;
        this.store = store;
        this.operations = operations;
        this.watchers = watchers;
        this.elicitations = elicitations;
        this.rounds = rounds;
        this.cancellations = cancellations;
        this.views = views;
        this.results = results;
        this.streamed = streamed;
        this.places = places;
        this.settings = settings;
        this.json = json;
    }

    /// A call and what belongs to it.
    ///
    /// @param subject what a state of it is sealed to
    public record CallScope(JsonRpcMessage.Request request, ClientProfile client, McpExchange exchange,
            CallContext call, String subject) {}

    /// Nothing is answered before the operation is committed.
    ///
    /// @param onlyAsTask whether it takes a client that follows tasks
    @Nullable ObjectNode begin(Submission submission, boolean onlyAsTask, CallScope now) throws InterruptedException {
        var client = now.client();
        var asTask = client.isModern() ? client.can()
                .contains(Capability.TASKS) : LegacyTaskMethods.asks(now.request().params(), client);
        if (onlyAsTask && !asTask) {
            refuseToWait(client);
        }
        var key = now.request().meta().path("dev.longhaul/idempotencyKey");
        var submitted = store.submit(tasks.checked(submission.withTraceParent(now.call().traceParent())
                .withIdempotencyKey(key.isString() ? key.asString() : submission.idempotencyKey())), client.caller())
                        .operation();
        if (asTask) {
            return client.isModern() ? views.created(submitted)
                    .put("resultType", "task") : LegacyTaskMethods.created(views.old(submitted, client.can()));
        }
        return await(submitted, now);
    }

    private void refuseToWait(ClientProfile client) {
        if (client.isModern()) {
            TaskMethods.requireTasks(client);
        }
        if (LegacyTaskMethods.isSpokenBy(client)) {
            throw client.noMethod("this tool has to be called as a task");
        }
        throw new IllegalArgumentException("this takes so long that no call can wait for it; start it with "
                + "start_long_task");
    }

    /// Whether a state is that of a call that waits for its operation.
    boolean isContinued(@Nullable JsonNode state) {
        return state != null && state.path("operation").isString();
    }

    /// The next round of a call whose operation asked something.
    @Nullable ObjectNode goOn(JsonNode state, Map<String, JsonNode> answers, CallScope now)
            throws InterruptedException {
        var id = OperationId.parse(state.path("operation").asString());
        var operation = operations.get(id, now.client().caller());
        answers.forEach((name, answer) -> elicitations.answer(id, name, answer, now.client().caller()));
        return await(operation, now);
    }

    /// The rest of a call whose connection was lost or given back.
    ///
    /// @return null: the connection is given back again
    @Nullable ObjectNode resume(OperationId id, CallScope now) throws InterruptedException {
        return await(operations.get(id, now.client().caller()), now);
    }

    private @Nullable ObjectNode await(Operation operation, CallScope now) throws InterruptedException {
        try (var watcher = watchers.subscribe(operation.id(), operation.version());
             var _ = cancellations.register(now.client(), now.request().id(),
                     () -> store.cancel(operation.id(), "its client cancelled the call", now.client().caller()))) {
            return await(operation, watcher, now);
        } catch (InterruptedException | ClientDisconnected stopped) {
            if (now.exchange().isGone() && now.client().isModern()) {
                store.cancel(operation.id(), "its client closed the call's stream", now.client().caller());
            }
            throw stopped;
        }
    }

    private @Nullable ObjectNode await(Operation first, Subscriber watcher, CallScope now) throws InterruptedException {
        var until = System.nanoTime() + (now.call().wantsProgress() ? Duration.ofDays(365) : settings.callWait())
                .toNanos();
        var held = places.isResumable(now) ? System.nanoTime() + settings.hold().toNanos() : Long.MAX_VALUE;
        places.prime(first, now);
        var operation = operations.get(first.id(), now.client().caller());
        var questions = streamed.on(now.exchange(), now.client());
        while (!operation.isOver()) {
            if (operation.waitsFor() == WaitReason.ANSWER) {
                var open = elicitations.open(operation, now.client().can());
                if (now.client().isModern() && !open.isEmpty()) {
                    return rounds.required(elicitations.requests(operation, open, now.client()), now.subject(),
                            json.createObjectNode().put("operation", operation.id().toString()));
                }
                if (!questions.ask(operation, open, false)) {
                    break;   // it can take long until a person comes by
                }
            }
            var change = watcher.next(Duration.ofNanos(Math.min(until, held) - System.nanoTime()));
            if (change.isPresent()) {
                operation = change.get().operation();
                now.call().progress(operation);
            } else if (System.nanoTime() < until && (System.nanoTime() >= held || watcher.isClosed()
                    && places.isResumable(now))) {
                now.exchange().pause(RETRY);   // held long enough, or this node stops: any node has the rest
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
