package dev.longhaul.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Values of `-i`: `steps=3`, `options.dry_run=true`, `@file.json`, or `-` for JSON from stdin. Later values replace
/// earlier ones.
final class InputOptions {

    @Option(names = {"-i", "--input"}, paramLabel = "K=V|@FILE|-", description =
            "A value: steps=3, name=Ann, options.dry=true; JSON is read as JSON. @FILE reads a JSON object from "
            + "a file, - one from stdin. May be repeated.")
    private @Nullable List<String> values;

    boolean isEmpty() {
        return values == null;
    }

    boolean readsStdin() {
        return values != null && values.contains(TextFile.STDIN);
    }

    ObjectNode object() {
        var object = ApiClient.json.createObjectNode();
        for (var value : values == null ? List.<String>of() : values) {
            if (value.equals(TextFile.STDIN) || value.startsWith("@")) {
                object.setAll(document(value));
            } else {
                put(object, value);
            }
        }
        return object;
    }

    private static void put(ObjectNode object, String given) {
        var equals = given.indexOf('=');
        if (equals < 1) {
            throw new CliError(ExitCode.USAGE, "an input is NAME=VALUE, @FILE or -, not " + given);
        }
        var names = given.substring(0, equals).split("\\.", -1);
        var parent = object;
        for (var n = 0; n < names.length - 1; n++) {
            parent = parent.get(names[n]) instanceof ObjectNode there ? there : parent.putObject(names[n]);
        }
        parent.set(names[names.length - 1], value(given.substring(equals + 1)));
    }

    /// JSON such as `3`, `true`, `["a"]`, `"3"`; anything else is a text.
    static JsonNode value(String text) {
        try {
            var node = ApiClient.json.readTree(text);
            return node.isMissingNode() ? ApiClient.json.getNodeFactory().stringNode(text) : node;
        } catch (JacksonException plain) {
            return ApiClient.json.getNodeFactory().stringNode(text);
        }
    }

    /// @param given `@FILE` or `-`
    private static ObjectNode document(String given) {
        var file = given.replaceFirst("^@", "");
        try {
            if (ApiClient.json.readTree(TextFile.read(file)) instanceof ObjectNode object) {
                return object;
            }
            throw new CliError(ExitCode.USAGE, (file.equals(TextFile.STDIN) ? "stdin" : file)
                    + " must hold one JSON object");
        } catch (JacksonException unreadable) {
            throw new CliError(ExitCode.USAGE, "cannot read " + given + " as JSON: "
                    + unreadable.getMessage().lines().findFirst().orElse(""));
        }
    }
}
