package dev.longhaul.cli;

import java.util.function.Function;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/// Base of commands that print documents of the service in the form that `-o` names.
abstract class OutputCommand extends ServiceCommand {

    @Mixin
    private OutputOptions output = new OutputOptions();

    OutputOptions output() {
        return output;
    }

    int print(JsonNode document, Function<JsonNode, String> text) {
        output.print(document, () -> text.apply(document));
        return ExitCode.DONE;
    }
}
