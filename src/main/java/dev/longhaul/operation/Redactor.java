package dev.longhaul.operation;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import tools.jackson.core.io.JsonStringEncoder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Masks secret values in texts that leave a task, also as JSON and URLs write them. A text is masked before it is cut:
/// the rest of a value could not be found. Values of fewer than [#MIN_LENGTH] characters are not masked, because they
/// occur in ordinary text.
public final class Redactor {

    public static final Redactor NONE = new Redactor(List.of());
    public static final String MASK = "•••";
    public static final int MIN_LENGTH = 6;

    private final List<String> values;   // in a fixed order, in which redactName numbers them
    private final List<Form> forms;

    /// A value as texts contain it.
    private record Form(String text, int number) {}

    private Redactor(List<String> values) {
        this.values = values;
        // longest first: a value may contain another
        this.forms = IntStream.range(0, values.size()).boxed()
                .flatMap(index -> written(values.get(index)).map(text -> new Form(text, index + 1)))
                .sorted(Comparator.comparing((Form form) -> form.text.length()).reversed()).toList();
    }

    private static Stream<String> written(String value) {
        var asUrl = URLEncoder.encode(value, StandardCharsets.UTF_8);
        return Stream.of(value, new String(JsonStringEncoder.getInstance().quoteAsCharArray(value)), asUrl,
                asUrl.replace("+", "%20")).distinct();
    }

    /// Masks all texts and numbers in `secrets`.
    public static Redactor of(Collection<JsonNode> secrets) {
        return of(secrets, MIN_LENGTH);
    }

    /// As [#of], also short values. For errors of the values themselves.
    public static Redactor ofAll(Collection<JsonNode> secrets) {
        return of(secrets, 1);
    }

    private static Redactor of(Collection<JsonNode> secrets, int minLength) {
        var found = new LinkedHashSet<String>();
        secrets.forEach(secret -> collect(secret, found));
        return new Redactor(found.stream().filter(value -> value.length() >= minLength).toList());
    }

    private static void collect(JsonNode node, Collection<String> found) {
        if (node.isContainer()) {
            node.forEach(child -> collect(child, found));
        } else if (node.isString() || node.isNumber()) {
            found.add(node.asString());
        }
    }

    /// Masks the values of both. Those of `more` get the next numbers.
    public Redactor with(Redactor more) {
        return more.values.isEmpty() ? this
                : new Redactor(Stream.concat(values.stream(), more.values.stream()).distinct().toList());
    }

    public boolean isEmpty() {
        return values.isEmpty();
    }

    public String redact(String text) {
        var shown = text;
        for (var form : forms) {
            shown = shown.replace(form.text, MASK);
        }
        return shown;
    }

    /// For names: two names that differ in their secrets alone stay two names.
    public String redactName(String name) {
        var shown = name;
        for (var form : forms) {
            shown = shown.replace(form.text, MASK + form.number + MASK.charAt(0));
        }
        return shown;
    }

    /// The reverse of [#redactName].
    public String restored(String name) {
        var restored = name;
        for (var index = values.size(); index > 0 && restored.contains(MASK); index--) {
            restored = restored.replace(MASK + index + MASK.charAt(0), values.get(index - 1));
        }
        return restored;
    }

    public JsonNode redact(JsonNode node) {
        return values.isEmpty() ? node : replaced(node, this::redact);
    }

    /// As [#redactName], for each text and name within.
    public JsonNode redactNames(JsonNode node) {
        return values.isEmpty() ? node : replaced(node, this::redactName);
    }

    /// The reverse of [#redactNames].
    public JsonNode restored(JsonNode node) {
        return values.isEmpty() ? node : replaced(node, this::restored);
    }

    private static JsonNode replaced(JsonNode node, UnaryOperator<String> with) {
        return switch (node) {
            case ObjectNode object -> {
                var shown = JsonNodeFactory.instance.objectNode();
                object.forEachEntry((name, value) -> shown.set(with.apply(name), replaced(value, with)));
                yield shown;
            }
            case ArrayNode array -> {
                var shown = JsonNodeFactory.instance.arrayNode();
                array.forEach(element -> shown.add(replaced(element, with)));
                yield shown;
            }
            default -> {
                var text = node.isString() || node.isNumber() ? node.asString() : "";
                var shown = with.apply(text);
                yield shown.equals(text) ? node : JsonNodeFactory.instance.stringNode(shown);
            }
        };
    }

    public Progress redact(Progress progress) {
        return values.isEmpty() || progress.message() == null ? progress : new Progress(progress.percent(),
                progress.current(), progress.total(), redact(progress.message()));
    }

    /// Whether a text, name or number within is a secret or contains one.
    public boolean finds(JsonNode node) {
        return !values.isEmpty() && !redact(node).equals(node);
    }
}
