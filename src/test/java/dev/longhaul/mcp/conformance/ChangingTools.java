package dev.longhaul.mcp.conformance;

import dev.longhaul.mcp.conformance.ContentTools.Nothing;
import dev.longhaul.tool.Answer;
import dev.longhaul.tool.Call;
import dev.longhaul.tool.Catalog;
import dev.longhaul.tool.Prompt;
import dev.longhaul.tool.PromptType;
import dev.longhaul.tool.Tool;
import dev.longhaul.tool.ToolType;
import org.springframework.beans.factory.ObjectProvider;

/// Tools that the official conformance suite wants of a server: those that change what there is.
class ChangingTools {

    @ToolType(value = "test_trigger_tool_change", description = "A tool goes and comes back.")
    static class ChangeTools implements Tool<Nothing, Answer> {

        private final ObjectProvider<Catalog> catalog;

        ChangeTools(ObjectProvider<Catalog> catalog) {
            this.catalog = catalog;
        }

        @Override
        public Answer call(Nothing arguments, Call call) {
            catalog.getObject().remove(Catalog.Kind.TOOLS, "test_passing");
            catalog.getObject().add(new Passing());
            return Answer.text("changed");
        }
    }

    @ToolType(value = "test_trigger_prompt_change", description = "A prompt goes and comes back.")
    static class ChangePrompts implements Tool<Nothing, Answer> {

        private final ObjectProvider<Catalog> catalog;

        ChangePrompts(ObjectProvider<Catalog> catalog) {
            this.catalog = catalog;
        }

        @Override
        public Answer call(Nothing arguments, Call call) {
            catalog.getObject().remove(Catalog.Kind.PROMPTS, "test_passing_prompt");
            catalog.getObject().add(new PassingPrompt());
            return Answer.text("changed");
        }
    }

    @ToolType(value = "test_passing", description = "Goes and comes back.")
    private static class Passing implements Tool<Nothing, Answer> {
        @Override
        public Answer call(Nothing arguments, Call call) {
            return Answer.text("still here");
        }
    }

    @PromptType(value = "test_passing_prompt", description = "Goes and comes back.")
    private static class PassingPrompt implements Prompt<Nothing> {
        @Override
        public Said get(Nothing arguments, Call call) {
            return Messages.user("still here");
        }
    }
}
