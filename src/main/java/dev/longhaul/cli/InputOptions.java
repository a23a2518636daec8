package dev.longhaul.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Values given with `-i`: `steps=3`, `options.dry_run=true`, `@file.json`, or `-` for JSON from stdin. Later ones are
/// put into what the earlier made.
final class InputOptions {

    @Option(names = {"-i", "--input"}, paramLabel = "K=V|@FILE|-", description =
            "A value: steps=3, name=Ann, options.dry=true; a value that is JSON is taken as JSON. Or all at once: "
            + "@FILE with a JSON object, - for one from stdin. May be repeated.")
    private @Nullable List<String> values;

    boolean isEmpty() {
        return values == null;
    }

    boolean readsStdin() {
        return values != null && values.contains("-");
    }

    ObjectNode object() {
        var object = ApiClient.json.createObjectNode();
        for (var value : values == null ? List.<String>of() : values) {
            if (value.equals("-") || value.startsWith("@")) {
                object.setAll(whole(value));
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

    /// JSON if it is JSON: `3`, `true`, `["a"]`, `"3"`; else text.
    static JsonNode value(String text) {
        try {
            var node = ApiClient.json.readTree(text);
            return node.isMissingNode() ? ApiClient.json.getNodeFactory().stringNode(text) : node;
        } catch (JacksonException plain) {
            return ApiClient.json.getNodeFactory().stringNode(text);
        }
    }

    private static ObjectNode whole(String given) {
        try {
            var text = given.equals("-") ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                    : Files.readString(Path.of(given.substring(1)));
            if (ApiClient.json.readTree(text) instanceof ObjectNode object) {
                return object;
            }
            throw new CliError(ExitCode.USAGE, (given.equals("-") ? "stdin" : given.substring(1))
                    + " must hold one JSON object");
        } catch (NoSuchFileException none) {
            throw new CliError(ExitCode.USAGE, "there is no file " + none.getMessage());
        } catch (JacksonException | IOException unreadable) {
            throw new CliError(ExitCode.USAGE, "cannot read " + given + " as JSON: "
                    + unreadable.getMessage().lines().findFirst().orElse(""));
        }
    }
}
