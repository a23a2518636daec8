package dev.longhaul.worker;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.InputRequest;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Outcome;
import dev.longhaul.operation.StorableJson;
import dev.longhaul.operation.Text;
import dev.longhaul.operation.WaitReason;
import dev.longhaul.store.ChildStore;
import dev.longhaul.store.InputRequestStore;
import dev.longhaul.store.LeaseLost;
import dev.longhaul.store.OperationStore;
import dev.longhaul.store.RemoteWorkerStore;
import dev.longhaul.store.RunStore.Step;
import dev.longhaul.store.StepStore;
import dev.longhaul.task.NotRetryable;
import dev.longhaul.types.AnswerSecrets;
import dev.longhaul.types.InvalidInput;
import dev.longhaul.types.InvalidSchema;
import dev.longhaul.web.OperationNotFound;
import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Waits of a remote run: for a time, an input request or its children. Either the wait is over, and the worker
/// continues, or the run ends and the operation waits. The next claim continues the attempt and asks again under the
/// same name.
@Component
class WaitService {

    private final RunService runs;
    private final RunCache cache;
    private final OperationStore operations;
    private final StepStore steps;
    private final InputRequestStore requests;
    private final AnswerSecrets answers;
    private final ChildStore children;
    private final RemoteWorkerStore workers;

    WaitService(RunService runs, RunCache cache, OperationStore operations, StepStore steps,
            InputRequestStore requests, AnswerSecrets answers, ChildStore children, RemoteWorkerStore workers) {
        this.runs = runs;
        this.cache = cache;
        this.operations = operations;
        this.steps = steps;
        this.requests = requests;
        this.answers = answers;
        this.children = children;
        this.workers = workers;
    }

    record Sleep(
            @JsonPropertyDescription("The token of the run") UUID runId,
            @JsonPropertyDescription("As of a step: the time counts once under this name")
            @Size(min = 1, max = 200) String name,
            @JsonPropertyDescription("For how long") @Min(0) @Max(315_360_000) double seconds) {}

    record Ask(
            @JsonPropertyDescription("The token of the run") UUID runId,
            @JsonPropertyDescription("Unique within the operation; requested once under this name")
            @Size(min = 1, max = 200) String name,
            @JsonPropertyDescription("authorization, input, review or authorization_with_input") String kind,
            @JsonPropertyDescription("What is requested, for people") @Size(min = 1, max = 2_000) String action,
            @JsonPropertyDescription("What it is about: any JSON") @Nullable JsonNode data,
            @JsonPropertyDescription("The answers to choose from")
            @Size(min = 1, max = 100) @Nullable List<String> options,
            @JsonPropertyDescription("JSON Schema of the answer; default: as kind and options need it")
            @Nullable ObjectNode schema,
            @JsonPropertyDescription("Of an authorization: low, medium or high") @Nullable String risk,
            @JsonPropertyDescription("How long to wait; default: without limit")
            @Min(1) @Max(315_360_000) @Nullable Double withinSeconds,
            @JsonPropertyDescription("The answer that holds if none comes in time") @Nullable JsonNode fallback) {}

    record Await(
            @JsonPropertyDescription("The token of the run") UUID runId,
            @JsonPropertyDescription("Which children; default: all")
            @Size(min = 1, max = 10_000) @Nullable List<UUID> children) {}

    /// @param waiting    true: the run is over, and the operation waits; false: continue
    /// @param until      the end of a sleep, or of the time for an answer
    /// @param answer     to the input request
    /// @param unanswered true: no answer came in time, and there is no fallback
    /// @param children   when all of them have ended
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonNaming(SnakeCaseStrategy.class)
    record WaitResult(boolean waiting, @Nullable Instant until, @Nullable JsonNode answer,
            @Nullable Boolean unanswered, @Nullable List<ChildView> children) {

        static WaitResult waits(@Nullable Instant until) {
            return new WaitResult(true, until, null, null, null);
        }

        static WaitResult answered(JsonNode answer) {
            return new WaitResult(false, null, answer, null, null);
        }
    }

    @JsonNaming(SnakeCaseStrategy.class)
    record ChildView(String operationId, String type, String status, @Nullable JsonNode output,
            @Nullable String error) {

        static ChildView of(Operation child) {
            return new ChildView(child.id().toString(), child.type(), child.status().word(), child.output(),
                    child.error() == null ? null : child.error().message());
        }
    }

    WaitResult sleep(OperationId id, Sleep body, Caller caller) throws InterruptedException {
        var operation = claimed(id);
        var name = Text.storable("the name of a step", cache.secrets(id, body.runId()).redactName(body.name()), 200);
        var known = steps.finished(id).get(name);
        var until = known == null ? operation.readAt().plusMillis(Math.round(body.seconds() * 1000))
                : parseEnd(name, known);
        if (known == null) {
            var step = new Step(name, JsonNodeFactory.instance.stringNode(until.toString()));
            runs.report(cache.report(id, body.runId(), null, List.of(step), List.of()), caller);
        }
        var left = Duration.between(operation.readAt(), until);
        if (!left.isPositive()) {
            requireRun(id, body.runId());
            return new WaitResult(false, until, null, null, null);
        }
        wait(id, body.runId(), new Outcome.Waits(WaitReason.TIME, left, Set.of(), "sleeps until " + until), caller);
        return WaitResult.waits(until);
    }

    private static Instant parseEnd(String name, JsonNode known) {
        try {
            return Instant.parse(known.asString(""));
        } catch (DateTimeParseException other) {
            throw new Problem(ProblemKind.STATE_CONFLICT, "step " + Text.quoted(name)
                    + " is finished and was no sleep: a sleep needs a name of its own");
        }
    }

    WaitResult ask(OperationId id, Ask body, Caller caller) throws InterruptedException {
        var operation = claimed(id);
        var request = request(id, body, operation);
        if (request.answer() != null) {
            return answered(id, body, operation, request, request.answer().value());
        }
        var left = request.answerBy() == null ? null : Duration.between(operation.readAt(), request.answerBy());
        if (left == null || left.isPositive()) {
            var reason = "asks: " + request.action();
            wait(id, body.runId(), new Outcome.Waits(WaitReason.ANSWER, left, Set.of(), reason), caller);
            return WaitResult.waits(request.answerBy());
        }
        if (request.fallback() == null) {
            return new WaitResult(false, null, null, true, null);
        }
        return answered(id, body, operation, request,
                requests.answer(id, request.name(), request.fallback(), new Caller("nobody in time", "engine"))
                        .or(() -> requests.find(id, request.name())).map(InputRequest::answer)
                        .map(InputRequest.Answer::value).orElse(request.fallback()));
    }

    /// The answer as the worker gets it: its secrets are decrypted, and the worker's own are back in their places.
    private WaitResult answered(OperationId id, Ask body, Operation operation, InputRequest request, JsonNode stored) {
        try {
            var opened = answers.decrypted(operation.type(), request, stored);
            cache.addSecrets(id, body.runId(), opened.secrets());
            return WaitResult.answered(cache.secrets(id, body.runId()).restored(opened.input()));
        } catch (NotRetryable undecryptable) {
            throw new Problem(ProblemKind.STATE_CONFLICT, String.valueOf(undecryptable.getMessage()));
        }
    }

    private InputRequest request(OperationId id, Ask body, Operation operation) {
        var kind = parse(InputRequest.Kind.class, "kind", body.kind());
        var risk = body.risk() == null ? null : parse(InputRequest.Risk.class, "risk", body.risk());
        var secrets = cache.secrets(id, body.runId());
        var options = body.options() == null ? null : body.options().stream().map(secrets::redactName).toList();
        var request = new InputRequest(Text.storable("the name of a question", secrets.redactName(body.name()), 200),
                kind, Text.cleaned(secrets.redact(body.action()), InputRequest.ACTION_LIMIT),
                body.data() == null || body.data().isNull() ? null
                        : secrets.redact(StorableJson.required("data", body.data())),
                options, secrets.redactNames(schema(kind, body, options)), risk, operation.readAt(), null, null, null);
        if (body.fallback() != null && !body.fallback().isNull()) {
            var fallback = secrets.redactNames(StorableJson.required("fallback", body.fallback()));
            request = request.withFallback(encrypted(operation, request, fallback));
        }
        try {
            return requests.ask(id, body.runId(), request, body.withinSeconds() == null
                    ? null : Duration.ofMillis(Math.round(body.withinSeconds() * 1000)));
        } catch (LeaseLost lost) {
            throw new RunLeaseLost(id);
        }
    }

    private JsonNode encrypted(Operation operation, InputRequest request, JsonNode fallback) {
        try {
            return answers.encrypted(operation.type(), request, fallback);
        } catch (InvalidInput unfit) {
            throw new InvalidInput(unfit.misfits().stream().map(misfit -> misfit.within("/fallback")).toList());
        }
    }

    private static ObjectNode schema(InputRequest.Kind kind, Ask body, @Nullable List<String> options) {
        if (body.schema() == null) {
            return AnswerSchemas.of(kind, options);
        }
        try {
            AnswerSecrets.requireUsable(body.schema());
            return body.schema();
        } catch (InvalidSchema unusable) {
            throw unusable.within("/schema");
        }
    }

    private static <E extends Enum<E>> E parse(Class<E> type, String what, String word) {
        for (var one : type.getEnumConstants()) {
            if (one.name().toLowerCase(Locale.ROOT).equals(word)) {
                return one;
            }
        }
        throw new IllegalArgumentException(what + " must be one of " + List.of(type.getEnumConstants()).toString()
                .toLowerCase(Locale.ROOT) + ", not " + Text.quoted(word));
    }

    WaitResult await(OperationId id, Await body, Caller caller) throws InterruptedException {
        claimed(id);
        var wanted = body.children() == null
                ? Set.<OperationId>of() : new HashSet<>(body.children().stream().map(OperationId::new).toList());
        var found = wanted.isEmpty() ? children.children(id) : children.find(id, wanted);
        if (!wanted.isEmpty() && found.size() < wanted.size()) {
            found.forEach(child -> wanted.remove(child.id()));
            throw new IllegalArgumentException("expected children of operation " + id + ", which these are not: "
                    + wanted);
        }
        var unfinished = found.stream().filter(child -> !child.isOver()).count();
        if (unfinished > 0) {
            var reason = "waits for " + unfinished + " operations";
            wait(id, body.runId(), new Outcome.Waits(WaitReason.OPERATIONS, null, wanted, reason), caller);
            return WaitResult.waits(null);
        }
        requireRun(id, body.runId());
        return new WaitResult(false, null, null, null, found.stream().map(ChildView::of).toList());
    }

    private void wait(OperationId id, UUID run, Outcome.Waits outcome, Caller caller) throws InterruptedException {
        runs.end(cache.end(id, run, outcome, List.of()), caller);
    }

    /// Fails if the run has lost its lease.
    private void requireRun(OperationId id, UUID run) {
        if (!workers.isRun(id, run)) {
            throw new RunLeaseLost(id);
        }
    }

    /// @throws Problem if no worker could claim the operation after the wait
    private Operation claimed(OperationId id) {
        var operation = operations.find(id).orElseThrow(() -> new OperationNotFound(id));
        if (workers.isTracked(id)) {
            throw new Problem(ProblemKind.STATE_CONFLICT, "operation " + id
                    + " is tracked: no worker would claim it after a wait, so it cannot wait here");
        }
        return operation;
    }
}
