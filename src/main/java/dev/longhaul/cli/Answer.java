package dev.longhaul.cli;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// Answers what an operation asks.
@CommandLine.Command(name = "input", description = {"Answer what an operation asks of people. Without an answer: show what it asks.",
        "An answer is given with -i, e.g. -i approved=true; where there are options to choose from, the choice alone will do."})
class Answer extends Command {

    @Parameters(index = "0", paramLabel = "ID", description = "The operation.")
    private String id = "";

    @Parameters(index = "1", arity = "0..1", paramLabel = "CHOICE", description = "One of the options, or yes or no.")
    private @Nullable String choice;

    @Option(names = {"-n", "--name"}, paramLabel = "NAME", description = "Which question, if it asks several.")
    private @Nullable String name;

    @Mixin
    private Given given = new Given();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() {
        var asked = api().get(Api.operation(id)).path("input_required").valueStream()
                .filter(question -> name == null || question.path("name").asString("").equals(name)).toList();
        if (asked.isEmpty()) {
            throw new Trouble(Exit.NOT_SO, "it asks nothing" + (name == null ? "" : " that is named " + name));
        }
        if (given.isEmpty() && choice == null) {
            output.tellAll(asked, () -> table(asked), "");
            return Exit.DONE;
        }
        if (asked.size() > 1) {
            throw new Trouble(Exit.USAGE, "it asks several things; say which with --name: " + String.join(", ", asked.stream().map(one -> one.path("name").asString("")).toList()));
        }
        var body = Api.json.createObjectNode().put("name", asked.getFirst().path("name").asString(""));
        body.set("answer", choice == null ? given.object() : chosen(asked.getFirst(), choice));
        var answer = api().post(Api.operation(id) + ":provideInput", body);
        output.tell(answer, () -> id + "  answered, " + ListOperations.state(answer) + "\n");
        return Exit.DONE;
    }

    /// The one property that its schema requires takes the choice.
    private static JsonNode chosen(JsonNode question, String choice) {
        var schema = question.path("schema");
        var required = schema.path("required").valueStream().map(JsonNode::asString).toList();
        if (required.size() != 1) {
            throw new Trouble(Exit.USAGE, "the answer has several parts; give them with -i: " + String.join(", ", required));
        }
        var isYesOrNo = schema.path("properties").path(required.getFirst()).path("type").asString("").equals("boolean");
        var value = isYesOrNo && List.of("yes", "no").contains(choice) ? Api.json.getNodeFactory().booleanNode(choice.equals("yes")) : Given.value(choice);
        return Api.json.createObjectNode().set(required.getFirst(), value);
    }

    private static Table table(List<JsonNode> asked) {
        var table = new Table("NAME", "KIND", "ASKS", "OPTIONS", "UNTIL");
        asked.forEach(question -> table.row(Words.line(question.path("name")), question.path("kind").asString(""), Words.line(question.path("action")),
                question.path("options").isArray() ? String.join(", ", question.path("options").valueStream().map(Words::line).toList()) : answers(question),
                Words.ago(question.path("answer_by"), Output.now())));
        return table;
    }

    private static String answers(JsonNode question) {
        return String.join(", ", question.path("schema").path("properties").propertyNames());
    }
}
