package dev.longhaul.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Answers what an operation asks.
@CommandLine.Command(name = "input",
        description = {"Answer what an operation asks of people. Without an answer: show what it asks.",
        "An answer is given with -i, e.g. -i approved=true; where there are options to choose from, the choice alone "
        + "will do."})
class AnswerCommand extends ServiceCommand {

    @Parameters(index = "0", paramLabel = "ID", description = "The operation.")
    private String id = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "CHOICE", description = "One of the options, or yes or no.")
    private @Nullable String choice;

    @Option(names = {"-n", "--name"}, paramLabel = "NAME", description = "Which question, if it asks several.")
    private @Nullable String name;

    @Mixin
    private InputOptions given = new InputOptions();

    @Mixin
    private OutputOptions output = new OutputOptions();

    @Override
    public Integer call() {
        var asked = api().get(ApiClient.operation(id)).path("input_required").valueStream()
                .filter(question -> name == null || question.path("name").asString("").equals(name)).toList();
        if (asked.isEmpty()) {
            throw new CliError(ExitCode.NOT_SO, "it asks nothing" + (name == null ? "" : " that is named " + name));
        }
        if (given.isEmpty() && choice == null) {
            output.tellAll(asked, () -> table(asked), "");
            return ExitCode.DONE;
        }
        if (asked.size() > 1) {
            throw new CliError(ExitCode.USAGE, "it asks several things; say which with --name: "
                    + String.join(", ", asked.stream().map(one -> one.path("name").asString("")).toList()));
        }
        var body = ApiClient.json.createObjectNode().put("name", asked.getFirst().path("name").asString(""));
        body.set("answer", choice == null ? given.object() : chosen(asked.getFirst(), choice));
        var answer = api().post(ApiClient.operation(id) + ":provideInput", body);
        output.tell(answer, () -> id + "  answered, " + ListCommand.state(answer) + "\n");
        return ExitCode.DONE;
    }

    /// The one property that its schema requires takes the choice.
    private static JsonNode chosen(JsonNode question, String choice) {
        var schema = question.path("schema");
        var required = schema.path("required").valueStream().map(JsonNode::asString).toList();
        if (required.size() != 1) {
            throw new CliError(ExitCode.USAGE, "the answer has several parts; give them with -i: "
                    + String.join(", ", required));
        }
        var isYesOrNo = schema.path("properties").path(required.getFirst()).path("type").asString("").equals("boolean");
        var value = isYesOrNo && List.of("yes", "no").contains(choice) ? ApiClient.json.getNodeFactory()
                .booleanNode(choice.equals("yes")) : InputOptions.value(choice);
        return ApiClient.json.createObjectNode().set(required.getFirst(), value);
    }

    private static TextTable table(List<JsonNode> asked) {
        var table = new TextTable("NAME", "KIND", "ASKS", "OPTIONS", "UNTIL");
        asked.forEach(question -> table.row(DisplayFormat.line(question.path("name")),
                question.path("kind").asString(""), DisplayFormat.line(question.path("action")),
                question.path("options").isArray() ? String.join(", ", question.path("options").valueStream()
                .map(DisplayFormat::line).toList()) : answers(question),
                DisplayFormat.ago(question.path("answer_by"), OutputOptions.now())));
        return table;
    }

    private static String answers(JsonNode question) {
        return String.join(", ", question.path("schema").path("properties").propertyNames());
    }
}
