package dev.longhaul.mcp.tools;

import dev.longhaul.mcp.rpc.HeaderValue;
import dev.longhaul.mcp.rpc.JsonRpcError;
import dev.longhaul.mcp.rpc.McpExchange;
import java.math.BigDecimal;
import tools.jackson.databind.JsonNode;

/// Checks `Mcp-Param-…` headers, in which clients of 2026-07-28 repeat arguments that a tool's schema marks with
/// `x-mcp-header`. A proxy that routes by the headers must see the same as this service.
final class MirroredArguments {

    private MirroredArguments() {
    }

    static void check(JsonNode schema, JsonNode arguments, McpExchange exchange) {
        schema.path("properties").forEachEntry((name, property) -> {
            if (property.path("x-mcp-header").isString()) {
                check("Mcp-Param-" + property.path("x-mcp-header").asString(), arguments.path(name), exchange);
            } else if (property.path("properties").isObject()) {
                check(property, arguments.path(name), exchange);
            }
        });
    }

    private static void check(String header, JsonNode argument, McpExchange exchange) {
        var value = HeaderValue.of(header, exchange.header(header));
        if (argument.isMissingNode() || argument.isNull()) {
            if (value.isPresent()) {
                throw JsonRpcError.header(header + " is there, and the argument it repeats is not");
            }
            return;
        }
        if (value.isEmpty()) {
            throw JsonRpcError.header(header + " is missing; it has to repeat an argument");
        }
        if (!isSame(value.get(), argument)) {
            throw JsonRpcError.header(header + " is not the same as the argument it repeats");
        }
    }

    private static boolean isSame(String value, JsonNode argument) {
        try {
            return argument.isNumber() ? new BigDecimal(value).compareTo(argument.decimalValue())
                    == 0 : argument.asString().equals(value);
        } catch (NumberFormatException noNumber) {
            return false;
        }
    }
}
