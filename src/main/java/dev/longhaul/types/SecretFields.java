package dev.longhaul.types;

import dev.longhaul.operation.Redactor;
import dev.longhaul.task.NotRetryable;
import dev.longhaul.types.InvalidInput.Misfit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/// The secrets of a value by its JSON Schema: encrypted before the database, decrypted for the task.
final class SecretFields {

    private final String place;
    private final @Nullable SecretPlaces places;
    private final SecretCipher cipher;

    private SecretFields(String place, @Nullable SecretPlaces places, SecretCipher cipher) {
        this.place = place;
        this.places = places;
        this.cipher = cipher;
    }

    /// @param place  what the value belongs to, e.g. the type of the task
    /// @param schema JSON Schema of the value; `writeOnly` and `"x-secret": true` mark secrets
    static SecretFields of(String place, JsonNode schema, SecretCipher cipher) {
        return new SecretFields(place, SecretPlaces.of(schema).orElse(null), cipher);
    }

    /// @throws InvalidSchema if it marks a secret that cannot be encrypted
    static void requireSealable(JsonNode schema) {
        SecretPlaces.requireSealable(SchemaPart.root(schema));
    }

    boolean isEmpty() {
        return places == null;
    }

    /// Calls `with` for the secrets of `value`.
    <E extends Exception> JsonNode replaced(JsonNode value, SecretReplacement<E> with) throws E {
        return places == null ? value : places.replaced(value, with);
    }

    /// For error messages.
    JsonNode masked(JsonNode value) {
        return replaced(value, (_, _) -> JsonNodeFactory.instance.stringNode(Redactor.MASK));
    }

    /// The same errors without the values of secrets.
    InvalidInput redacted(InvalidInput unfit, JsonNode given) {
        var values = new ArrayList<JsonNode>();
        replaced(given, (_, value) -> {
            values.add(value);
            return value;
        });
        var redactor = Redactor.ofAll(values);
        return new InvalidInput(unfit.misfits().stream()
                .map(misfit -> new Misfit(redactor.redact(misfit.pointer()), redactor.redact(misfit.detail())))
                .toList());
    }

    /// @param idempotencyKey see [SecretCipher#encrypt]
    /// @throws InvalidInput if a secret is too short to be masked, or was encrypted here
    JsonNode encrypted(JsonNode input, @Nullable String idempotencyKey) {
        var misfits = new ArrayList<Misfit>();
        var result = replaced(input, (path, value) -> {
            if (value.isNull()) {
                return value;
            }
            if (SecretCipher.isEncrypted(value)) {
                misfits.add(new Misfit(SecretPlaces.pointer(path),
                        "expected the secret itself, not one that was encrypted here"));
                return value;
            }
            requireMaskable(value, SecretPlaces.pointer(path), misfits);
            return misfits.isEmpty() ? cipher.wrapped(value, place(path), idempotencyKey) : value;
        });
        if (!misfits.isEmpty()) {
            throw new InvalidInput(misfits);
        }
        return result;
    }

    /// A short value occurs in ordinary text, so it could not be masked there.
    private static void requireMaskable(JsonNode value, String pointer, List<Misfit> misfits) {
        if (value.isObject()) {
            value.propertyStream().forEach(member -> requireMaskable(member.getValue(),
                    pointer + "/" + SchemaPart.escaped(member.getKey()), misfits));
        } else if (value.isArray()) {
            for (var index = 0; index < value.size(); index++) {
                requireMaskable(value.get(index), pointer + "/" + index, misfits);
            }
        } else if ((value.isString() || value.isNumber()) && value.asString().length() < Redactor.MIN_LENGTH) {
            misfits.add(new Misfit(pointer, "is secret, and must have at least " + Redactor.MIN_LENGTH
                    + " characters: a shorter one cannot be masked in logs and messages"));
        }
    }

    /// @throws NotRetryable if one cannot be decrypted
    OperationType.DecryptedInput decrypted(JsonNode input) throws NotRetryable {
        requireReadable(input);
        var secrets = new ArrayList<JsonNode>();
        var result = this.<NotRetryable>replaced(input, (path, value) -> {
            var opened = SecretCipher.isEncrypted(value) ? cipher.unwrapped(value, place(path)) : value;
            secrets.add(opened);
            return opened;
        });
        return new OperationType.DecryptedInput(result, Redactor.of(secrets));
    }

    private String place(List<String> path) {
        return place + "." + String.join(".", path);
    }

    /// Refuses an input that the store could not read: it is missing then.
    static void requireReadable(JsonNode stored) throws NotRetryable {
        if (stored.isMissingNode()) {
            throw new NotRetryable("the input cannot be read as JSON, e.g. it has a number of more than 1,000 digits");
        }
    }
}
