package dev.longhaul.cli;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@CommandLine.Command(name = "input",
        description = {"Answer an input request of an operation. Without an answer: list its input requests.",
            "Give the answer with -i, e.g. -i approved=true, or as a CHOICE if the request has options."})
class AnswerCommand extends ItemCommand {

    private static final List<Column> COLUMNS = List.of(Column.text("NAME", "name"), Column.text("KIND", "kind"),
            Column.text("ASKS", "action"), Column.of("OPTIONS", AnswerCommand::options),
            Column.ago("UNTIL", "answer_by"));

    @Parameters(index = "1", arity = "0..1", paramLabel = "CHOICE", description = "One of the options, or yes or no.")
    private @Nullable String choice;

    @Option(names = {"-n", "--name"}, paramLabel = "NAME", description = "The input request, if there are several.")
    private @Nullable String name;

    @Mixin
    private InputOptions input = new InputOptions();

    @Override
    public Integer call() {
        var requests = api().get(path()).path("input_required").valueStream()
                .filter(request -> name == null || DisplayFormat.text(request, "name").equals(name)).toList();
        if (requests.isEmpty()) {
            throw new CliError(ExitCode.NOT_SO, "it has no input request" + (name == null ? "" : " named " + name));
        }
        if (input.isEmpty() && choice == null) {
            output().printAll(requests, COLUMNS, "");
            return ExitCode.DONE;
        }
        if (requests.size() > 1) {
            throw new CliError(ExitCode.USAGE, "it has several input requests; choose one with --name: " + requests
                    .stream().map(request -> DisplayFormat.text(request, "name")).collect(Collectors.joining(", ")));
        }
        var request = requests.getFirst();
        var body = ApiClient.json.createObjectNode().put("name", request.path("name").asString(""));
        body.set("answer", choice == null ? input.object() : answer(request, choice));
        return printLine(api().post(path() + ":provideInput", body));
    }

    /// The choice becomes the value of the only required property.
    private static JsonNode answer(JsonNode request, String choice) {
        var required = request.at("/schema/required").valueStream().map(JsonNode::asString).toList();
        if (required.size() != 1) {
            throw new CliError(ExitCode.USAGE, "the answer has several members; give them with -i: "
                    + String.join(", ", required));
        }
        var property = request.path("schema").path("properties").path(required.getFirst());
        return ApiClient.json.createObjectNode().set(required.getFirst(), value(request, property, choice));
    }

    /// A choice that looks like a number stays a text where the options are texts.
    private static JsonNode value(JsonNode request, JsonNode property, String choice) {
        var text = ApiClient.json.getNodeFactory().stringNode(choice);
        if (property.path("type").asString("").equals("boolean") && List.of("yes", "no").contains(choice)) {
            return ApiClient.json.getNodeFactory().booleanNode(choice.equals("yes"));
        }
        return property.path("type").asString("").equals("string") || property.path("enum").valueStream()
                .anyMatch(text::equals) || request.path("options").valueStream().anyMatch(text::equals)
                ? text : InputOptions.value(choice);
    }

    @Override
    String line(JsonNode operation) {
        return "answered, " + super.line(operation);
    }

    private static String options(JsonNode request) {
        return request.path("options").isArray()
                ? request.path("options").valueStream().map(DisplayFormat::line).collect(Collectors.joining(", "))
                : String.join(", ", request.at("/schema/properties").propertyNames());
    }
}
