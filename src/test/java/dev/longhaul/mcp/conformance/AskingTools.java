package dev.longhaul.mcp.conformance;

import dev.longhaul.mcp.conformance.ContentTools.Nothing;
import dev.longhaul.operation.Submission;
import dev.longhaul.tool.Capability;
import dev.longhaul.tool.InputRequired;
import dev.longhaul.tool.SubmitOperation;
import dev.longhaul.tool.Tool;
import dev.longhaul.tool.ToolCall;
import dev.longhaul.tool.ToolReply;
import dev.longhaul.tool.ToolResult;
import dev.longhaul.tool.ToolType;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// Tools that the official conformance suite wants of a server: those that ask, by round trips or by requests.
class AskingTools {

    static final ObjectNode NAME =
            schema("{\"type\": \"object\", \"properties\": {\"name\": {\"type\": \"string\"}}, \"required\": "
            + "[\"name\"]}");
    private static final ObjectNode OK =
            schema("{\"type\": \"object\", \"properties\": {\"ok\": {\"type\": \"boolean\"}}, \"required\": [\"ok\"]}");

    record Name(String name) {}

    record Ok(boolean ok) {}

    static ObjectNode schema(String text) {
        return (ObjectNode) new JsonMapper().readTree(text);
    }

    @ToolType(value = "test_input_required_result_elicitation", description = "Asks for a name.")
    static class Elicitation implements Tool<Nothing, ToolReply> {
        @Override
        public ToolReply call(Nothing arguments, ToolCall call) {
            return call.form("user_name", Name.class)
                    .<ToolReply>map(given -> ToolResult.text("Hello, " + given.name() + "!"))
                    .orElseGet(() -> InputRequired.nothing().form("user_name", "What is your name?", NAME));
        }
    }

    @ToolType(value = "test_input_required_result_sampling", description = "Asks the client's model.")
    static class Sampling implements Tool<Nothing, ToolReply> {
        @Override
        public ToolReply call(Nothing arguments, ToolCall call) {
            return call.answer("capital_question")
                    .<ToolReply>map(said -> ToolResult.text(said.at("/content/text").asString()))
                    .orElseGet(() -> InputRequired.nothing().sampling("capital_question",
                            "What is the capital of France?", 100));
        }
    }

    @ToolType(value = "test_input_required_result_list_roots", description = "Asks for folders.")
    static class Roots implements Tool<Nothing, ToolReply> {
        @Override
        public ToolReply call(Nothing arguments, ToolCall call) {
            return call.answer("client_roots").<ToolReply>map(said -> ToolResult.text(said.path("roots").toString()))
                    .orElseGet(() -> InputRequired.nothing().roots("client_roots"));
        }
    }

    @ToolType(value = "test_input_required_result_request_state", description = "Asks, and remembers by a state.")
    static class State implements Tool<Nothing, ToolReply> {
        @Override
        public ToolReply call(Nothing arguments, ToolCall call) {
            var state = call.state();
            return state != null && state.path("kind").asString("").equals("confirm") && call.form("confirm", Ok.class)
                    .isPresent()
                    ? ToolResult.text("state-ok: the state came back") : InputRequired.nothing()
                    .form("confirm", "Please confirm", OK).keeping(Map.of("kind", "confirm"));
        }
    }

    @ToolType(value = "test_input_required_result_tampered_state",
            description = "Asks, and remembers by a state that nobody can forge.")
    static class TamperedState extends State {}

    @ToolType(value = "test_input_required_result_multiple_inputs", description = "Asks for three things at once.")
    static class Three implements Tool<Nothing, ToolReply> {
        @Override
        public ToolReply call(Nothing arguments, ToolCall call) {
            return call.state() != null && call.form("user_name", Name.class).isPresent() && call.answer("greeting")
                    .isPresent() && call.answer("client_roots").isPresent()
                    ? ToolResult.text("all there")
                    : InputRequired.nothing().form("user_name", "What is your name?", NAME)
                    .sampling("greeting", "Generate a greeting", 50).roots("client_roots").keeping("three");
        }
    }

    record Colour(String color) {}

    @ToolType(value = "test_input_required_result_multi_round", description = "Asks twice.")
    static class Twice implements Tool<Nothing, ToolReply> {
        @Override
        public ToolReply call(Nothing arguments, ToolCall call) {
            var name = call.form("step1", Name.class).map(Name::name)
                    .orElseGet(() -> call.state() == null ? null : call.state().path("name").stringValue(null));
            if (name == null) {
                return InputRequired.nothing().form("step1", "Step 1: What is your name?", NAME)
                        .keeping(Map.of("round", 1));
            }
            return call.form("step2", Colour.class).<ToolReply>map(colour -> ToolResult.text(name + " likes "
                    + colour.color())).orElseGet(() -> InputRequired.nothing()
                    .form("step2", "Step 2: What is your favorite color?",
                            schema("{\"type\": \"object\", \"properties\": {\"color\": {\"type\": \"string\"}}, "
                            + "\"required\": [\"color\"]}"))
                    .keeping(Map.of("round", 2, "name", name)));
        }
    }

    @ToolType(value = "test_input_required_result_capabilities", description = "Asks only what the client can answer.")
    static class Able implements Tool<Nothing, ToolReply> {
        @Override
        public ToolReply call(Nothing arguments, ToolCall call) {
            if (!call.answers().isEmpty()) {
                return ToolResult.text("capabilities-ok");
            }
            var needs = InputRequired.nothing();
            needs = call.can(Capability.ELICITATION) ? needs.form("elicit", "What is your name?", NAME) : needs;
            return call.can(Capability.SAMPLING) ? needs.sampling("sample", "Say something", 50) : needs;
        }
    }

    @ToolType(value = "test_missing_capability", description = "Needs a client with a model.")
    static class NeedsSampling implements Tool<Nothing, ToolResult> {
        @Override
        public ToolResult call(Nothing arguments, ToolCall call) {
            call.require(Capability.SAMPLING);
            return ToolResult.text("Success");
        }
    }

    @ToolType(value = "test_streaming_elicitation", description = "Says something, then asks.")
    static class SaysThenAsks extends Elicitation {
        @Override
        public ToolReply call(Nothing arguments, ToolCall call) {
            call.progress(50, 100, "half");
            return super.call(arguments, call);
        }
    }

    @ToolType(value = "test_tool_with_task", description = "Asks for a name, then works for a while.")
    static class AsksThenWorks implements Tool<Nothing, ToolReply> {
        @Override
        public ToolReply call(Nothing arguments, ToolCall call) {
            return call.form("user_name", Name.class)
                    .<ToolReply>map(given -> new SubmitOperation(Submission.of("slow_compute",
                            new JsonMapper().createObjectNode().put("seconds", 0).put("label", given.name()))))
                    .orElseGet(() -> InputRequired.nothing().form("user_name", "What is your name?", NAME));
        }
    }

    record Asked(String prompt) {}

    @ToolType(value = "test_sampling", description = "Asks the client's model something.")
    static class AskModel implements Tool<Asked, ToolReply> {
        @Override
        public ToolReply call(Asked arguments, ToolCall call) {
            return call.answer("prompt")
                    .<ToolReply>map(said -> ToolResult.text("LLM response: " + said.at("/content/text").asString()))
                    .orElseGet(() -> InputRequired.nothing().sampling("prompt", arguments.prompt(), 100));
        }
    }

    record Message(String message) {}

    @ToolType(value = "test_elicitation", description = "Asks a person something.")
    static class AskPerson implements Tool<Message, ToolReply> {
        @Override
        public ToolReply call(Message arguments, ToolCall call) {
            return told("User response", call).orElseGet(() -> InputRequired.nothing().form("asked", arguments.message(), schema("""
                    {"type": "object", "properties": {"response": {"type": "string", "description": "User's response"}}, "required": ["response"]}""")));
        }
    }

    @ToolType(value = "test_elicitation_sep1034_defaults", description = "Shows a form with defaults.")
    static class Defaults implements Tool<Nothing, ToolReply> {
        @Override
        public ToolReply call(Nothing arguments, ToolCall call) {
            return told("Elicitation completed", call).orElseGet(() -> InputRequired.nothing().form("asked", "Please review and update the form fields with defaults", schema("""
                    {"type": "object", "required": [], "properties": {
                      "name": {"type": "string", "description": "User name", "default": "John Doe"},
                      "age": {"type": "integer", "description": "User age", "default": 30},
                      "score": {"type": "number", "description": "User score", "default": 95.5},
                      "status": {"type": "string", "description": "User status", "enum": ["active", "inactive", "pending"], "default": "active"},
                      "verified": {"type": "boolean", "description": "Verification status", "default": true}}}""")));
        }
    }

    @ToolType(value = "test_elicitation_sep1330_enums", description = "Shows a form with every kind of choice.")
    static class Enums implements Tool<Nothing, ToolReply> {
        @Override
        public ToolReply call(Nothing arguments, ToolCall call) {
            return told("Elicitation completed", call).orElseGet(() -> InputRequired.nothing().form("asked", "Please select options from the enum fields", schema("""
                    {"type": "object", "required": [], "properties": {
                      "untitledSingle": {"type": "string", "description": "One", "enum": ["option1", "option2", "option3"]},
                      "titledSingle": {"type": "string", "description": "One", "oneOf": [{"const": "value1", "title": "First Option"},
                        {"const": "value2", "title": "Second Option"}, {"const": "value3", "title": "Third Option"}]},
                      "legacyEnum": {"type": "string", "description": "One", "enum": ["opt1", "opt2", "opt3"], "enumNames": ["Option One", "Option Two", "Option Three"]},
                      "untitledMulti": {"type": "array", "description": "Some", "minItems": 1, "maxItems": 3,
                        "items": {"type": "string", "enum": ["option1", "option2", "option3"]}},
                      "titledMulti": {"type": "array", "description": "Some", "minItems": 1, "maxItems": 3, "items": {"anyOf": [
                        {"const": "value1", "title": "First Choice"}, {"const": "value2", "title": "Second Choice"}, {"const": "value3", "title": "Third Choice"}]}}}}""")));
        }
    }

    private static Optional<ToolReply> told(String what, ToolCall call) {
        return call.answer("asked").map(said -> ToolResult.text(what + ": action=" + said.path("action").asString()
                + ", content=" + content(said)));
    }

    private static JsonNode content(JsonNode said) {
        return said.has("content") ? said.path("content") : new JsonMapper().createObjectNode();
    }
}
