package dev.longhaul.engine;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.InputRequest;
import dev.longhaul.operation.Outcome;
import dev.longhaul.operation.StorableJson;
import dev.longhaul.operation.Text;
import dev.longhaul.operation.WaitReason;
import dev.longhaul.task.Ask;
import dev.longhaul.task.InputRequestExpired;
import dev.longhaul.task.NotRetryable;
import dev.longhaul.types.AnswerSecrets;
import dev.longhaul.types.InputType;
import dev.longhaul.types.InvalidInput;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// An input request of a run's task. The first answer holds; the fallback holds when the time is over.
record PendingInputRequest<T>(Run run, RunContext.Tools tools, InputType<T> type, InputRequest request) {

    /// @throws dev.longhaul.store.LeaseLost if the run is no longer the operation's run
    static <T> PendingInputRequest<T> of(Run run, RunContext.Tools tools, String name, Class<T> answer, Ask ask) {
        var type = tools.inputs().of(answer);
        AnswerSecrets.requireUsable(type.schema());
        var secrets = run.secrets();
        var question = new InputRequest(Text.storable("the name of a question", secrets.redactName(name), 200),
                ask.kind(), Text.cleaned(secrets.redact(ask.action()), InputRequest.ACTION_LIMIT),
                ask.data() == null ? null : StorableJson.cleaned(secrets.redact(json(tools, ask.data()))),
                ask.options().isEmpty() ? null : ask.options().stream().map(secrets::redactName).toList(),
                type.schema(), ask.risk(), run.now(), null, null, null);
        var asked = ask.fallback() == null ? question : question.withFallback(tools.answers().encrypted(type(run),
                question, StorableJson.cleaned(secrets.redactNames(json(tools, ask.fallback())))));
        return new PendingInputRequest<>(run, tools, type,
                run.repeat(() -> tools.questions().ask(run.id(), run.runId(), asked, ask.timeout())));
    }

    private static JsonNode json(RunContext.Tools tools, Object value) {
        return tools.inputs().json().valueToTree(value);
    }

    private static String type(Run run) {
        return run.claim().operation().type();
    }

    /// The wait while there is no answer and time is left; else empty.
    Optional<Outcome.Waits> waits() {
        var left = request.answerBy() == null ? null : Duration.between(run.now(), request.answerBy());
        return request.answer() == null && (left == null || left.isPositive())
                ? Optional.of(new Outcome.Waits(WaitReason.ANSWER, left, Set.of(), "asks: " + request.action()))
                : Optional.empty();
    }

    /// @throws InputRequestExpired if no answer came in time, and there is no fallback
    T answer() throws InputRequestExpired {
        if (request.answer() != null) {
            return read(request.answer().value());
        }
        var fallback = request.fallback();
        if (fallback == null) {
            throw new InputRequestExpired("no answer in time: " + request.action());
        }
        var nobody = new Caller("nobody in time", "engine");
        return read(run.repeat(() -> tools.questions().answer(run.id(), request.name(), fallback, nobody))
                .flatMap(settled -> Optional.ofNullable(settled.answer())).map(InputRequest.Answer::value)
                        .orElse(fallback));
    }

    /// Options, for example, were stored without the secrets of the task.
    private T read(JsonNode stored) {
        try {
            var opened = tools.answers().decrypted(type(run), request, stored);
            run.addSecrets(opened.secrets());
            return type.read(run.secrets().restored(opened.input()));
        } catch (NotRetryable undecryptable) {
            throw new InvalidInput(String.valueOf(undecryptable.getMessage()));
        }
    }
}
