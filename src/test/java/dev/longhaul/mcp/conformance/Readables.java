package dev.longhaul.mcp.conformance;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.longhaul.mcp.conformance.ContentTools.Nothing;
import dev.longhaul.tool.Content;
import dev.longhaul.tool.Contents;
import dev.longhaul.tool.InputRequired;
import dev.longhaul.tool.Prompt;
import dev.longhaul.tool.PromptType;
import dev.longhaul.tool.Resource;
import dev.longhaul.tool.ResourceType;
import dev.longhaul.tool.ToolCall;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Resources and prompts that the official conformance suite wants of a server.
class Readables {

    @ResourceType(uri = "test://static-text", name = "static-text", description = "A text.", mimeType = "text/plain")
    static class StaticText implements Resource {
        @Override
        public Optional<Contents> read(String uri, Map<String, String> variables, ToolCall call) {
            return Optional.of(Contents.text(uri, "text/plain", "This is the content of the static text resource."));
        }
    }

    @ResourceType(uri = "test://watched-resource", name = "watched", description = "A text to be watched.",
            mimeType = "text/plain")
    static class Watched extends StaticText {}

    @ResourceType(uri = "test://static-binary", name = "static-binary", description = "A pixel.",
            mimeType = "image/png")
    static class StaticBinary implements Resource {
        @Override
        public Optional<Contents> read(String uri, Map<String, String> variables, ToolCall call) {
            return Optional.of(Contents.bytes(uri, "image/png", ContentTools.PIXEL));
        }
    }

    @ResourceType(uri = "test://template/{id}/data", name = "template", description = "Data by id.",
            mimeType = "application/json")
    static class Template implements Resource {
        @Override
        public Optional<Contents> read(String uri, Map<String, String> variables, ToolCall call) {
            var id = variables.get("id");
            return Optional.of(Contents.text(uri, "application/json", "{\"id\":\"" + id
                    + "\",\"templateTest\":true,\"data\":\"Data for ID: " + id + "\"}"));
        }
    }

    @PromptType(value = "test_simple_prompt", description = "A prompt without arguments.")
    static class Simple implements Prompt<Nothing> {
        @Override
        public Said get(Nothing arguments, ToolCall call) {
            return Messages.user("This is a simple prompt for testing.");
        }
    }

    record Two(String arg1, String arg2) {}

    @PromptType(value = "test_prompt_with_arguments", description = "A prompt with two arguments.")
    static class WithArguments implements Prompt<Two> {
        @Override
        public Said get(Two arguments, ToolCall call) {
            return Messages.user("Prompt with arguments: arg1='" + arguments.arg1() + "', arg2='" + arguments.arg2()
                    + "'");
        }
    }

    record Uri(@JsonProperty("resourceUri") String resourceUri) {}

    @PromptType(value = "test_prompt_with_embedded_resource", description = "A prompt with a resource.")
    static class WithResource implements Prompt<Uri> {
        @Override
        public Said get(Uri arguments, ToolCall call) {
            return new Messages(
                    List.of(new Message("user", new Content.Embedded(Contents.text(arguments.resourceUri(),
                    "text/plain", "Embedded resource content for testing."))),
                    new Message("user", new Content.Text("Please process the embedded resource above."))));
        }
    }

    @PromptType(value = "test_prompt_with_image", description = "A prompt with an image.")
    static class WithImage implements Prompt<Nothing> {
        @Override
        public Said get(Nothing arguments, ToolCall call) {
            return new Messages(List.of(new Message("user", new Content.Image(ContentTools.PIXEL, "image/png")),
                    new Message("user", new Content.Text("Please analyze the image above."))));
        }
    }

    record Context(String context) {}

    @PromptType(value = "test_input_required_result_prompt", description = "A prompt that asks first.")
    static class Asking implements Prompt<Nothing> {
        @Override
        public Said get(Nothing arguments, ToolCall call) {
            return call.form("user_context", Context.class)
                    .<Said>map(given -> Messages.user("In this context: " + given.context()))
                    .orElseGet(() -> new Asks(InputRequired.nothing().form("user_context",
                            "What context should the prompt use?", AskingTools.schema(
                            "{\"type\": \"object\", \"properties\": {\"context\": {\"type\": \"string\"}}, "
                            + "\"required\": [\"context\"]}"))));
        }
    }
}
