package dev.longhaul.operation;

import java.math.BigDecimal;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// JSON that PostgreSQL's `jsonb` stores exactly: no U+0000, no lone surrogate, no huge number. (jsonb expands
/// 1e131071, eight characters, to 131,072 digits.)
public final class StorableJson {

    private static final int MAX_DIGITS = 34;
    private static final int MAX_EXPONENT = 308;

    private StorableJson() {
    }

    /// @param what name of the JSON for the error message, e.g. `input`
    /// @throws IllegalArgumentException if `jsonb` cannot store it exactly
    public static JsonNode required(String what, JsonNode node) {
        switch (node.getNodeType()) {
            case STRING -> requireText(what, node.asString());
            case NUMBER -> requireSmall(what, node);
            case ARRAY -> {
                for (var n = 0; n < node.size(); n++) {
                    requireMember(what, String.valueOf(n), node.get(n));
                }
            }
            case OBJECT -> node.forEachEntry((name, value) -> {
                Text.storable(what, name, Integer.MAX_VALUE);
                requireMember(what, name, value);
            });
            default -> { }
        }
        return node;
    }

    private static void requireMember(String what, String name, JsonNode value) {
        try {
            required(what, value);
        } catch (InvalidMember member) {
            throw member.within("/" + name);
        }
    }

    private static void requireText(String what, String text) {
        try {
            Text.storable(what, text, Integer.MAX_VALUE);
        } catch (IllegalArgumentException unstorable) {
            throw new InvalidMember("", String.valueOf(unstorable.getMessage()));
        }
    }

    private static void requireSmall(String what, JsonNode number) {
        if (number.isFloatingPointNumber() && !number.isBigDecimal() && !Double.isFinite(number.doubleValue())) {
            throw new InvalidMember("", what + " must not contain " + number.doubleValue());
        }
        var value = number.isBigDecimal() || number.isBigInteger() ? number.decimalValue() : BigDecimal.ZERO;
        if (value.precision() > MAX_DIGITS || Math.abs((long) value.precision() - value.scale()) > MAX_EXPONENT) {
            throw new InvalidMember("", what + " has a number of more than " + MAX_DIGITS
                    + " digits or an exponent beyond "
                    + MAX_EXPONENT);
        }
    }

    /// For JSON that the service itself writes: texts are cleaned as by [Text#cleaned] instead of refused.
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
