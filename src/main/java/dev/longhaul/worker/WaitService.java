package dev.longhaul.worker;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.InputRequest;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Outcome;
import dev.longhaul.operation.Redactor;
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

/// What a run waits for without a worker: a moment, an answer, its children. Either it is there, and the worker goes on
/// at once, or the run ends and the operation waits; the next claim goes on with the same attempt, and asks for the
/// same under the same name.
@Component
class WaitService {

    private final RunService runs;
    private final Outcomes ends;
    private final ProgressCache memory;
    private final OperationStore operations;
    private final StepStore steps;
    private final InputRequestStore questions;
    private final ChildStore children;
    private final RemoteWorkerStore workers;

    WaitService(RunService runs, Outcomes ends, ProgressCache memory, OperationStore operations, StepStore steps,
            InputRequestStore questions, ChildStore children,
            RemoteWorkerStore workers) {
        this.runs = runs;
        this.ends = ends;
        this.memory = memory;
        this.operations = operations;
        this.steps = steps;
        this.questions = questions;
        this.children = children;
        this.workers = workers;
    }

    record Sleep(
            @JsonPropertyDescription("The token of the run") UUID runId,
            @JsonPropertyDescription(
                    "As of a step: the time counts once, however often it is asked for under this name") @Size(min = 1,
                    max = 200) String name,
            @JsonPropertyDescription("For how long") @Min(0) @Max(315_360_000) double seconds) {}

    record Ask(
            @JsonPropertyDescription("The token of the run") UUID runId,
            @JsonPropertyDescription("Unique within the operation; asked once under this name") @Size(min = 1,
                    max = 200) String name,
            @JsonPropertyDescription("authorization, input, review or authorization_with_input") String kind,
            @JsonPropertyDescription("What is asked, for people") @Size(min = 1, max = 2_000) String action,
            @JsonPropertyDescription("What it is about: any JSON") @Nullable JsonNode data,
            @JsonPropertyDescription("The answers to choose from") @Size(min = 1,
                    max = 100) @Nullable List<String> options,
            @JsonPropertyDescription(
            "JSON Schema of the answer; default: what its kind and options need") @Nullable ObjectNode schema,
            @JsonPropertyDescription("Of an authorization: low, medium or high") @Nullable String risk,
            @JsonPropertyDescription("How long to wait; default: for ever") @Min(1) @Max(
                    315_360_000) @Nullable Double withinSeconds,
            @JsonPropertyDescription(
            "The answer that holds if nobody gives one in time") @Nullable JsonNode fallback) {}

    record Await(
            @JsonPropertyDescription("The token of the run") UUID runId,
            @JsonPropertyDescription("Which children; default: all") @Size(min = 1,
                    max = 10_000) @Nullable List<UUID> children) {}

    /// What came of it.
    ///
    /// @param waiting    true: the run is over, and the operation waits; false: go on
    /// @param until      of a sleep, or how long an answer is waited for
    /// @param answer     to the question
    /// @param unanswered true: nobody answered in time, and there is no fallback
    /// @param children   when all of them are over
    @JsonInclude(JsonInclude.Include.NON_NULL)
    @JsonNaming(SnakeCaseStrategy.class)
    record ClaimResult(boolean waiting, @Nullable Instant until, @Nullable JsonNode answer,
            @Nullable Boolean unanswered, @Nullable List<ChildView> children) {

        static ClaimResult waits(@Nullable Instant until) {
            return new ClaimResult(true, until, null, null, null);
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

    ClaimResult sleep(OperationId id, Sleep said, Caller caller) throws InterruptedException {
        var operation = claimed(id);
        var name = Text.storable("the name of a step", said.name(), 200);
        var known = steps.finished(id).get(name);
        var until = known == null ? operation.readAt().plusMillis(Math.round(said.seconds() * 1000))
                : moment(name, known);
        if (known == null) {
            var step = new Step(name, JsonNodeFactory.instance.stringNode(until.toString()));
            runs.report(memory.report(id, said.runId(), null, List.of(step), List.of()), caller);
        }
        var left = Duration.between(operation.readAt(), until);
        if (!left.isPositive()) {
            requireRun(id, said.runId());
            return new ClaimResult(false, until, null, null, null);
        }
        wait(id, said.runId(), new Outcome.Waits(WaitReason.TIME, left, Set.of(), "sleeps until " + until), caller);
        return ClaimResult.waits(until);
    }

    private static Instant moment(String name, JsonNode known) {
        try {
            return Instant.parse(known.asString(""));
        } catch (DateTimeParseException other) {
            throw new Problem(ProblemKind.STATE_CONFLICT, "step " + Text.quoted(name)
                    + " is finished and was no sleep: a sleep needs a name of its own");
        }
    }

    ClaimResult ask(OperationId id, Ask said, Caller caller) throws InterruptedException {
        var operation = claimed(id);
        var question = asked(id, said, operation);
        if (question.answer() != null) {
            return new ClaimResult(false, null, question.answer().value(), null, null);
        }
        var left = question.answerBy() == null ? null : Duration.between(operation.readAt(), question.answerBy());
        if (left == null || left.isPositive()) {
            wait(id, said.runId(), new Outcome.Waits(WaitReason.ANSWER, left, Set.of(), "asks: " + question.action()),
                    caller);
            return ClaimResult.waits(question.answerBy());
        }
        if (question.fallback() == null) {
            return new ClaimResult(false, null, null, true, null);
        }
        var settled = questions.answer(id, question.name(), question.fallback(), new Caller("nobody in time", "engine"))
                .or(() -> questions.find(id, question.name()));
        return new ClaimResult(false, null, settled.map(InputRequest::answer).map(InputRequest.Answer::value)
                .orElse(question.fallback()), null, null);
    }

    private InputRequest asked(OperationId id, Ask said, Operation operation) {
        var kind = parse(InputRequest.Kind.class, "kind", said.kind());
        var risk = said.risk() == null ? null : parse(InputRequest.Risk.class, "risk", said.risk());
        var secrets = memory.secrets(id, said.runId());
        var question = new InputRequest(Text.storable("the name of a question", said.name(), 200), kind,
                secrets.in(Text.cleaned(said.action(), 2_000)), clean("data", said.data(), secrets),
                said.options(), said.schema() == null ? AnswerSchemas.of(kind, said.options()) : said.schema(), risk,
                operation.readAt(), null,
                clean("fallback", said.fallback(), secrets), null);
        try {
            return questions.ask(id, said.runId(), question, said.withinSeconds() == null
                    ? null : Duration.ofMillis(Math.round(said.withinSeconds() * 1000)));
        } catch (LeaseLost lost) {
            throw new RunLeaseLost(id);
        }
    }

    private static @Nullable JsonNode clean(String what, @Nullable JsonNode value, Redactor secrets) {
        return value == null || value.isNull() ? null : secrets.in(StorableJson.required(what, value));
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

    ClaimResult await(OperationId id, Await said, Caller caller) throws InterruptedException {
        claimed(id);
        var wanted = said.children() == null
                ? Set.<OperationId>of() : new HashSet<>(said.children().stream().map(OperationId::new).toList());
        var found = wanted.isEmpty() ? children.children(id) : children.find(id, wanted);
        if (!wanted.isEmpty() && found.size() < wanted.size()) {
            found.forEach(child -> wanted.remove(child.id()));
            throw new IllegalArgumentException("expected children of operation " + id + ", which these are not: "
                    + wanted);
        }
        var unfinished = found.stream().filter(child -> !child.isOver()).count();
        if (unfinished > 0) {
            wait(id, said.runId(), new Outcome.Waits(WaitReason.OPERATIONS, null, wanted, "waits for " + unfinished
                    + " operations"), caller);
            return ClaimResult.waits(null);
        }
        requireRun(id, said.runId());
        return new ClaimResult(false, null, null, null, found.stream().map(ChildView::of).toList());
    }

    private void wait(OperationId id, UUID run, Outcome.Waits outcome, Caller caller) throws InterruptedException {
        runs.end(ends.end(id, run, outcome, List.of()), caller);
    }

    /// Nobody is told to go on with what has been taken from him.
    private void requireRun(OperationId id, UUID run) {
        if (!workers.isRun(id, run)) {
            throw new RunLeaseLost(id);
        }
    }

    /// @throws Problem if nobody could go on with it afterwards
    private Operation claimed(OperationId id) {
        var operation = operations.find(id).orElseThrow(() -> new OperationNotFound(id));
        if (workers.isTracked(id)) {
            throw new Problem(ProblemKind.STATE_CONFLICT, "operation " + id
                    + " is tracked: nobody would claim it after a wait, so it cannot wait here");
        }
        return operation;
    }
}
