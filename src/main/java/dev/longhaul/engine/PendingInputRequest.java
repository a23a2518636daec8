package dev.longhaul.engine;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.InputRequest;
import dev.longhaul.operation.Outcome;
import dev.longhaul.operation.StorableJson;
import dev.longhaul.operation.Text;
import dev.longhaul.operation.WaitReason;
import dev.longhaul.store.LostConnections;
import dev.longhaul.task.Ask;
import dev.longhaul.task.InputRequestExpired;
import dev.longhaul.types.InputType;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// An input request of a run's task. The first answer holds; the fallback holds when the time is over.
record PendingInputRequest<T>(Run run, RunContext.Tools tools, String name, InputType<T> type, Ask ask,
        InputRequest request) {

    /// @throws dev.longhaul.store.LeaseLost if the run is no longer the operation's run
    static <T> PendingInputRequest<T> of(Run run, RunContext.Tools tools, String name, Class<T> answer, Ask ask) {
        var type = tools.inputs().of(answer);
        var asked = new InputRequest(Text.storable("the name of a question", name, 200), ask.kind(),
                run.secrets().redact(Text.cleaned(ask.action(), 2_000)), clean(run, tools, ask.data()),
                ask.options().isEmpty() ? null : ask.options(), type.schema(), ask.risk(), run.now(), null,
                clean(run, tools, ask.fallback()), null);
        return new PendingInputRequest<>(run, tools, name, type, ask,
                LostConnections.repeat(() -> !run.mustStop(),
                () -> tools.questions().ask(run.id(), run.runId(), asked, ask.timeout())));
    }

    private static @Nullable JsonNode clean(Run run, RunContext.Tools tools, @Nullable Object value) {
        return value == null
                ? null : StorableJson.cleaned(run.secrets().redact(tools.inputs().json().<JsonNode>valueToTree(value)));
    }

    /// The wait while there is no answer and time is left; else empty.
    Optional<Outcome.Waits> waits() {
        var left = request.answerBy() == null ? null : Duration.between(run.now(), request.answerBy());
        return request.answer() == null && (left == null || left.isPositive())
                ? Optional.of(new Outcome.Waits(WaitReason.ANSWER, left, Set.of(), "asks: " + request.action()))
                : Optional.empty();
    }

    T answer() throws InputRequestExpired {
        if (request.answer() != null) {
            return type.read(request.answer().value());
        }
        var fallback = request.fallback();
        if (fallback == null) {
            throw new InputRequestExpired("no answer in time: " + request.action());
        }
        return type.read(LostConnections.repeat(() -> !run.mustStop(), () -> tools.questions()
                .answer(run.id(), name, fallback, new Caller("nobody in time", "engine")))
                .flatMap(settled -> Optional.ofNullable(settled.answer())).map(InputRequest.Answer::value)
                        .orElse(fallback));
    }
}
