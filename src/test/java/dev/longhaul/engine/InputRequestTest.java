package dev.longhaul.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.longhaul.LonghaulTest;
import dev.longhaul.inputrequest.AlreadyAnswered;
import dev.longhaul.inputrequest.InputRequests;
import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import dev.longhaul.operation.Submission;
import dev.longhaul.operation.WaitReason;
import dev.longhaul.types.InvalidInput;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.context.TestPropertySource;

/// Input requests: no thread is held, the first answer holds, and the history names its author.
@LonghaulTest
@TestPropertySource(properties = {"longhaul.engine.backoff=50ms", "longhaul.engine.cancel-grace=300ms"})
class InputRequestTest extends ScriptedTaskTest {

    @Autowired
    InputRequests answers;

    @Test
    void anAnswerLetsTheOperationContinue() {
        var id = ask("authorization", null, false);
        awaitQuestion(id);

        var open = answers.open(id).getFirst();
        assertThat(open.action()).isEqualTo("Send to 1,204 customers?");
        assertThat(open.risk().word()).isEqualTo("high");
        assertThat(open.data()).hasToString("{\"customers\":1204}");
        answers.answer(id, "send", json.createObjectNode().put("approved", true), new Caller("ben", "rest"));

        var ended = awaitEnd(id);
        assertThat(ended.output()).hasToString("{\"sent\":true}");
        assertThat(ended.attempt()).isEqualTo(1);
        assertThat(history(id)).containsExactly("pending", "running", "waiting asks: Send to 1,204 customers?",
                "pending answered send", "running", "completed");
        assertThat(sql.sql("select changed_by || ' by ' || source from operation_history where operation_id = "
                + ":id and event = 'answered'")
                .param("id", id.value()).query(String.class).single()).isEqualTo("ben by rest");
    }

    @Test
    void theFirstAnswerHolds() {
        var id = ask("choice", null, false);
        awaitQuestion(id);
        answers.answer(id, "region", json.createObjectNode().put("choice", "us"), ANN);

        assertThatThrownBy(() -> answers.answer(id, "region", json.createObjectNode().put("choice", "eu"),
                new Caller("ben", "rest")))
                .isInstanceOf(AlreadyAnswered.class).hasMessageContaining("was answered by ann");

        assertThat(awaitEnd(id).output()).hasToString("{\"region\":\"us\"}");
        assertThatThrownBy(() ->
                psql("update input_request set answer = '{\"choice\": \"eu\"}' where operation_id = '" + id + "'"))
                .rootCause().hasMessageContaining("was answered by ann");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            choice        | region | {"choice": "asia"}             | choice: must be one of eu, us, not "asia"
            choice        | region | {}                             | required property 'choice' not found
            authorization | send   | {"approved": "yes"}            | approved: string found, boolean expected, not "yes"
            authorization | send   | {"approved": true, "risk": 1}  | property 'risk' is not defined in the schema and the schema does not allow additional properties
            """)
    void anAnswerThatDoesNotFitIsRefused(String kind, String name, String answer, String message) {
        var id = ask(kind, null, false);
        awaitQuestion(id);

        assertThatThrownBy(() -> answers.answer(id, name, json.readTree(answer), ANN)).isInstanceOf(InvalidInput.class)
                .hasMessageContaining(message);

        assertThat(find(id).status()).isEqualTo(Status.WAITING);
        store.cancel(id, null, ANN);
    }

    @Test
    void anInputRequestThatDoesNotExistCannotBeAnswered() {
        var id = ask("choice", null, false);
        awaitQuestion(id);

        assertThatThrownBy(() -> answers.answer(id, "weather", json.createObjectNode(), ANN))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("operation " + id + " has no input request \"weather\"; it has region");
        store.cancel(id, null, ANN);
        assertThatThrownBy(() -> answers.answer(id, "region", json.createObjectNode().put("choice", "eu"), ANN))
                .hasMessageContaining("is cancelled; no answer is needed");
    }

    @Test
    void anAnswerTypedInPsqlCountsToo() {
        var id = ask("review", null, false);
        awaitQuestion(id);

        psql("update input_request set answer = '{\"subject\": \"Hello\", \"text\": \"Dear both\"}' where "
                + "operation_id = '" + id + "'");

        assertThat(awaitEnd(id).output()).isEqualTo(json.readTree("{\"subject\":\"Hello\",\"text\":\"Dear both\"}"));
        assertThat(sql.sql("select answered_by || ' by ' || answer_source from input_request where operation_id "
                + "= :id").param("id", id.value())
                .query(String.class).single()).endsWith(" by sql");
    }

    @Test
    void withoutAnAnswerInTimeTheFallbackHolds() {
        var ended = awaitEnd(ask("choice", 300L, true));

        assertThat(ended.output()).hasToString("{\"region\":\"eu\"}");
        assertThat(answers.all(ended.id()).getFirst().answer().by()).isEqualTo("nobody in time");
    }

    @Test
    void withoutAFallbackTheOperationFails() {
        var ended = awaitEnd(ask("choice", 300L, false));

        assertThat(ended.status()).isEqualTo(Status.FAILED);
        assertThat(ended.error().message()).isEqualTo("no answer in time: Which region?");
        assertThat(ended.attempt()).isEqualTo(1);
    }

    private OperationId ask(String kind, Long timeout, boolean hasFallback) {
        return store.submit(Submission.of("asking", json.createObjectNode().put("kind", kind).put("timeout_millis",
                timeout).put("has_fallback", hasFallback)), ANN)
                .operation().id();
    }

    private Operation awaitQuestion(OperationId id) {
        await().until(() -> find(id).waitsFor() == WaitReason.ANSWER);
        return find(id);
    }
}
