package dev.longhaul.operation;

import java.math.BigDecimal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// JSON that PostgreSQL's `jsonb` keeps exactly: no U+0000, no lone surrogates, and numbers that stay small.
/// (jsonb expands 1e131071, eight characters, to 131,072 digits.)
public final class StorableJson {

    private static final int MOST_DIGITS = 34;
    private static final int LARGEST_EXPONENT = 308;

    private StorableJson() {
    }

    /// @param what names the JSON in the message, e.g. `input`
    /// @throws IllegalArgumentException if it holds what cannot be kept
    public static JsonNode required(String what, JsonNode node) {
        switch (node.getNodeType()) {
            case STRING -> Text.storable(what, node.asString(), Integer.MAX_VALUE);
            case NUMBER -> requireSmall(what, node);
            case ARRAY -> node.forEach(element -> required(what, element));
            case OBJECT -> node.forEachEntry((name, value) -> {
                Text.storable(what, name, Integer.MAX_VALUE);
                required(what, value);
            });
            default -> { }
        }
        return node;
    }

    private static void requireSmall(String what, JsonNode number) {
        if (number.isFloatingPointNumber() && !number.isBigDecimal() && !Double.isFinite(number.doubleValue())) {
            throw new IllegalArgumentException(what + " must not contain " + number.doubleValue());
        }
        var value = number.isBigDecimal() || number.isBigInteger() ? number.decimalValue() : BigDecimal.ZERO;
        if (value.precision() > MOST_DIGITS || Math.abs((long) value.precision() - value.scale()) > LARGEST_EXPONENT) {
            throw new IllegalArgumentException(what + " has a number of more than " + MOST_DIGITS
                    + " digits or an exponent beyond "
                    + LARGEST_EXPONENT);
        }
    }

    /// Our own side's JSON must never be what fails: its text is cleaned as [Text#cleaned] does.
    public static JsonNode cleaned(JsonNode node) {
        return switch (node) {
            case ObjectNode object -> {
                var clean = JsonNodeFactory.instance.objectNode();
                object.forEachEntry((name, value) -> clean.set(Text.cleaned(name, Integer.MAX_VALUE), cleaned(value)));
                yield clean;
            }
            case ArrayNode array -> {
                var clean = JsonNodeFactory.instance.arrayNode();
                array.forEach(element -> clean.add(cleaned(element)));
                yield clean;
            }
            default -> node.isString()
                    ? JsonNodeFactory.instance.stringNode(Text.cleaned(node.asString(), Integer.MAX_VALUE)) : node;
        };
    }
}
