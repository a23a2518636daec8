package dev.longhaul.types;

import dev.longhaul.operation.Redactor;
import dev.longhaul.task.NotRetryable;
import dev.longhaul.task.Secret;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.node.ObjectNode;

/// The [Secret] fields of an input: encrypted before the database, decrypted for the task.
final class SecretFields {

    private final String type;
    private final List<List<String>> paths;
    private final SecretCipher cipher;

    private SecretFields(String type, List<List<String>> paths, SecretCipher cipher) {
        this.type = type;
        this.paths = paths;
        this.cipher = cipher;
    }

    /// @param type  of the task
    /// @param input the record of its input; nested records may have secrets, too
    static SecretFields of(String type, Class<?> input, SecretCipher cipher) {
        var paths = new ArrayList<List<String>>();
        find(input, List.of(), new HashSet<>(), paths);
        return new SecretFields(type, List.copyOf(paths), cipher);
    }

    /// @param schema JSON Schema of the input: a property is secret if it has `writeOnly` or `"x-secret": true`, also
    ///     in nested objects
    static SecretFields of(String type, JsonNode schema, SecretCipher cipher) {
        var paths = new ArrayList<List<String>>();
        find(schema, List.of(), paths);
        return new SecretFields(type, List.copyOf(paths), cipher);
    }

    private static void find(JsonNode schema, List<String> above, List<List<String>> paths) {
        schema.path("properties").forEachEntry((name, property) -> {
            var path = below(above, name);
            if (property.path("writeOnly").asBoolean(false) || property.path("x-secret").asBoolean(false)) {
                paths.add(path);
            } else {
                find(property, path, paths);
            }
        });
    }

    private static List<String> below(List<String> above, String name) {
        return Stream.concat(above.stream(), Stream.of(name)).toList();
    }

    private static void find(Class<?> record, List<String> above, Set<Class<?>> seen, List<List<String>> paths) {
        if (!record.isRecord() || !seen.add(record)) {
            return;
        }
        for (var component : record.getRecordComponents()) {
            var path = below(above, PropertyNamingStrategies.SNAKE_CASE.nameForField(null, null, component.getName()));
            if (isSecret(record, component.getName())) {
                paths.add(path);
            } else {
                find(component.getType(), path, seen, paths);
            }
        }
        seen.remove(record);
    }

    private static boolean isSecret(Class<?> record, String name) {
        try {
            Field field = record.getDeclaredField(name);
            return field.isAnnotationPresent(Secret.class);
        } catch (NoSuchFieldException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    boolean isEmpty() {
        return paths.isEmpty();
    }

    /// The path of each secret field.
    List<List<String>> paths() {
        return paths;
    }

    /// Marks secret fields as `writeOnly`, for forms.
    void mark(JsonNode schema) {
        for (var path : paths) {
            var node = schema;
            for (var name : path) {
                node = node.path("properties").path(name);
            }
            if (node instanceof ObjectNode field) {
                field.put("writeOnly", true);
            }
        }
    }

    /// The same errors without the values of secret fields.
    InvalidInput redacted(InvalidInput unfit, JsonNode given) {
        var values = Redactor.of(paths.stream().map(path -> holder(given, path) == null
                ? null : holder(given, path).get(path.getLast())).filter(Objects::nonNull).toList());
        return new InvalidInput(unfit.misfits().stream().map(misfit -> new InvalidInput.Misfit(misfit.pointer(),
                values.redact(isAboutSecret(misfit)
                ? misfit.detail().replaceFirst("(?s), not .*$", "") : misfit.detail())))
                .toList());
    }

    private boolean isAboutSecret(InvalidInput.Misfit misfit) {
        return paths.stream().map(path -> "/" + String.join("/", path))
                .anyMatch(secret -> misfit.pointer().equals(secret) || misfit.pointer().startsWith(secret + "/"));
    }

    /// @param idempotencyKey see [SecretCipher#encrypt]
    JsonNode encrypted(JsonNode input, @Nullable String idempotencyKey) {
        var result = input.deepCopy();
        for (var path : paths) {
            var holder = holder(result, path);
            var value = holder == null ? null : holder.get(path.getLast());
            if (value != null && !value.isNull()) {
                if (SecretCipher.isEncrypted(value)) {
                    throw new InvalidInput(List.of(new InvalidInput.Misfit("/" + String.join("/", path),
                            "expected the secret itself, not one that was encrypted here")));
                }
                holder.set(path.getLast(), cipher.wrapped(value, place(path), idempotencyKey));
            }
        }
        return result;
    }

    /// @throws NotRetryable if one cannot be decrypted
    OperationType.DecryptedInput decrypted(JsonNode input) throws NotRetryable {
        requireReadable(input);
        if (paths.isEmpty()) {
            return new OperationType.DecryptedInput(input, Redactor.NONE);
        }
        var result = input.deepCopy();
        var secrets = new ArrayList<JsonNode>();
        for (var path : paths) {
            var holder = holder(result, path);
            var value = holder == null ? null : holder.get(path.getLast());
            if (value != null && SecretCipher.isEncrypted(value)) {
                value = cipher.unwrapped(value, place(path));
                holder.set(path.getLast(), value);
            }
            if (value != null) {
                secrets.add(value);
            }
        }
        return new OperationType.DecryptedInput(result, Redactor.of(secrets));
    }

    private static @Nullable ObjectNode holder(JsonNode input, List<String> path) {
        var node = input;
        for (var name : path.subList(0, path.size() - 1)) {
            node = node.path(name);
        }
        return node instanceof ObjectNode holder ? holder : null;
    }

    private String place(List<String> path) {
        return type + "." + String.join(".", path);
    }

    /// Refuses an input that the store could not read: it is missing then.
    static void requireReadable(JsonNode stored) throws NotRetryable {
        if (stored.isMissingNode()) {
            throw new NotRetryable("the input cannot be read as JSON, e.g. it has a number of more than 1,000 digits");
        }
    }
}
