package dev.longhaul.cli;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Base of commands about one resource. The list command above it declares the collection and its texts; without one,
/// the resource is an operation.
abstract class ItemCommand extends OutputCommand {

    @Parameters(index = "0", paramLabel = "ID", description = "The id or name, as the list shows it.")
    private String id = "";

    @Spec
    private CommandSpec spec = CommandSpec.create();

    String id() {
        return id;
    }

    /// The command's own name, e.g. `pause`.
    String verb() {
        return spec.name();
    }

    String path() {
        return (collection() == null ? ApiClient.OPERATIONS : collection().path()) + "/" + ApiClient.encoded(id);
    }

    private @Nullable ListCommand collection() {
        return spec.parent().userObject() instanceof ListCommand list ? list : null;
    }

    /// Prints the text.
    int print(JsonNode document) {
        return print(document, one -> collection() == null ? "" : collection().text(one));
    }

    /// Prints the id and the line.
    int printLine(JsonNode document) {
        return print(document, one -> id + "  " + line(one) + "\n");
    }

    String line(JsonNode document) {
        return collection() == null ? OperationsCommand.status(document) : collection().line(document);
    }

    /// Base of `GET collection/id`.
    abstract static class GetItemCommand extends ItemCommand {

        @Override
        public Integer call() {
            return print(api().get(path()));
        }
    }

    /// Base of `POST collection/id:verb`.
    abstract static class ActionCommand extends ItemCommand {

        @Nullable ObjectNode body() {
            return null;
        }

        JsonNode post() {
            return api().post(path() + ":" + verb(), body());
        }

        @Override
        public Integer call() throws Exception {
            return printLine(post());
        }
    }

    /// Base of actions whose reason is kept in the history.
    abstract static class ReasonedActionCommand extends ActionCommand {

        @Option(names = {"-r", "--reason"}, paramLabel = "TEXT", description = "The reason, for the history.")
        private @Nullable String reason;

        @Override
        ObjectNode body() {
            return SubmitOptions.put(ApiClient.json.createObjectNode(), "reason", reason);
        }
    }

    /// Base of `PATCH collection/id`.
    abstract static class UpdateCommand extends ItemCommand {

        abstract ObjectNode changes();

        @Override
        public Integer call() {
            return print(api().patch(path(), changes(), Map.of()));
        }
    }

    /// Base of `DELETE collection/id`.
    abstract static class DeleteItemCommand extends ItemCommand {

        Map<String, String> query() {
            return Map.of();
        }

        @Override
        public Integer call() {
            return printLine(ApiClient.required(api().send("DELETE", ApiClient.path(path(), query()), Map.of(), null)));
        }

        @Override
        String line(JsonNode document) {
            return "deleted";
        }
    }
}
