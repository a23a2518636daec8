package dev.longhaul.types;

import dev.longhaul.operation.InputRequest;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Redactor;
import dev.longhaul.store.InputRequestStore;
import dev.longhaul.task.NotRetryable;
import dev.longhaul.types.OperationType.DecryptedInput;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.databind.JsonNode;

/// The secrets of answers to input requests, by the schemas of the answers.
@Component
public class AnswerSecrets {

    private final InputRequestStore requests;
    private final SecretCipher cipher;

    AnswerSecrets(InputRequestStore requests, SecretCipher cipher) {
        this.requests = requests;
        this.cipher = cipher;
    }

    /// @throws InvalidSchema if `schema` cannot be the schema of an answer
    public static void requireUsable(JsonNode schema) {
        Schemas.compiled(schema);
        SecretFields.requireSealable(schema);
    }

    /// An answer or a fallback as it is stored: secrets are encrypted.
    ///
    /// @throws InvalidInput if a secret is too short to be masked, or was encrypted here
    public JsonNode encrypted(String type, InputRequest request, JsonNode answer) {
        return fields(type, request).encrypted(answer, null);
    }

    /// The same errors without the values of secrets.
    public InvalidInput redacted(String type, InputRequest request, InvalidInput unfit, JsonNode answer) {
        return fields(type, request).redacted(unfit, answer);
    }

    /// @throws NotRetryable if it cannot be decrypted
    public DecryptedInput decrypted(String type, InputRequest request, JsonNode stored) throws NotRetryable {
        return fields(type, request).decrypted(stored);
    }

    private SecretFields fields(String type, InputRequest request) {
        return SecretFields.of(type + ", answer to " + request.name(), request.schema(), cipher);
    }

    /// The secrets of all answers that an operation has got, oldest first. An answer that cannot be decrypted has none.
    public Redactor of(OperationId id, String type) {
        var secrets = Redactor.NONE;
        for (var request : requests.of(id)) {
            for (var value : request.answer() == null ? List.<JsonNode>of() : List.of(request.answer().value())) {
                try {
                    secrets = secrets.with(decrypted(type, request, value).secrets());
                } catch (NotRetryable undecryptable) {
                    continue;   // nobody else can tell it either
                }
            }
        }
        return secrets;
    }
}
