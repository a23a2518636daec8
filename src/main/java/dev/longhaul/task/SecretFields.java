package dev.longhaul.task;

import dev.longhaul.operation.Concealed;
import dev.longhaul.task.RegisteredTask.Opened;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The [Secret] fields of an input: sealed on the way to the database, opened on the way to the task.
final class SecretFields {

    /// A sealed value is an object with this field alone.
    private static final String SEALED = "$sealed";

    private final String type;
    private final List<List<String>> paths;
    private final Vault vault;

    /// @param type  of the task
    /// @param input its record; secrets may lie in records within it
    SecretFields(String type, Class<?> input, Vault vault) {
        this.type = type;
        this.paths = new ArrayList<>();
        this.vault = vault;
        find(input, List.of(), new HashSet<>());
    }

    private void find(Class<?> record, List<String> above, Set<Class<?>> seen) {
        if (!record.isRecord() || !seen.add(record)) {
            return;
        }
        for (var component : record.getRecordComponents()) {
            var path = new ArrayList<>(above);
            path.add(PropertyNamingStrategies.SNAKE_CASE.nameForField(null, null, component.getName()));
            if (isSecret(record, component.getName())) {
                paths.add(List.copyOf(path));
            } else {
                find(component.getType(), path, seen);
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

    /// For forms: what is written and never shown.
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

    /// What was wrong with an input, without telling what was found in a secret field.
    InvalidInput concealed(InvalidInput unfit, JsonNode given) {
        var values = Concealed.of(paths.stream().map(path -> holder(given, path) == null ? null : holder(given, path).get(path.getLast())).filter(Objects::nonNull).toList());
        return new InvalidInput(unfit.problems().stream().map(problem -> values.in(isAboutSecret(problem) ? problem.replaceFirst("(?s), not .*$", "") : problem)).toList());
    }

    private boolean isAboutSecret(String problem) {
        return paths.stream().map(path -> String.join("/", path)).anyMatch(secret -> problem.startsWith(secret + ":") || problem.startsWith(secret + "/"));
    }

    /// @param key of idempotency, see [Vault#seal]
    JsonNode sealed(JsonNode input, @Nullable String key) {
        var result = input.deepCopy();
        for (var path : paths) {
            var holder = holder(result, path);
            var value = holder == null ? null : holder.get(path.getLast());
            if (value != null && !value.isNull()) {
                if (isSealed(value)) {
                    throw new InvalidInput(List.of(String.join(".", path) + ": expected the secret itself, not one that was encrypted here"));
                }
                holder.set(path.getLast(), JsonNodeFactory.instance.objectNode().put(SEALED, vault.seal(value, place(path), key)));
            }
        }
        return result;
    }

    /// @throws NotRetryable if one cannot be decrypted
    Opened opened(JsonNode input) throws NotRetryable {
        if (paths.isEmpty()) {
            return new Opened(input, Concealed.NOTHING);
        }
        var result = input.deepCopy();
        var secrets = new ArrayList<JsonNode>();
        for (var path : paths) {
            var holder = holder(result, path);
            var value = holder == null ? null : holder.get(path.getLast());
            if (value != null && isSealed(value)) {
                value = vault.open(value.get(SEALED).asString(), place(path));
                holder.set(path.getLast(), value);
            }
            if (value != null) {
                secrets.add(value);
            }
        }
        return new Opened(result, Concealed.of(secrets));
    }

    private static @Nullable ObjectNode holder(JsonNode input, List<String> path) {
        var node = input;
        for (var name : path.subList(0, path.size() - 1)) {
            node = node.path(name);
        }
        return node instanceof ObjectNode holder ? holder : null;
    }

    private static boolean isSealed(JsonNode value) {
        return value.isObject() && value.size() == 1 && value.has(SEALED);
    }

    private String place(List<String> path) {
        return type + "." + String.join(".", path);
    }
}
