package dev.longhaul.mcp.conformance;

import dev.longhaul.mcp.conformance.ContentTools.Nothing;
import dev.longhaul.tool.Prompt;
import dev.longhaul.tool.PromptType;
import dev.longhaul.tool.Tool;
import dev.longhaul.tool.ToolCall;
import dev.longhaul.tool.ToolCatalog;
import dev.longhaul.tool.ToolResult;
import dev.longhaul.tool.ToolType;
import org.springframework.beans.factory.ObjectProvider;

/// Tools that the official conformance suite wants of a server: those that change what there is.
class ChangingTools {

    @ToolType(value = "test_trigger_tool_change", description = "A tool goes and comes back.")
    static class ChangeTools implements Tool<Nothing, ToolResult> {

        private final ObjectProvider<ToolCatalog> catalog;

        ChangeTools(ObjectProvider<ToolCatalog> catalog) {
            this.catalog = catalog;
        }

        @Override
        public ToolResult call(Nothing arguments, ToolCall call) {
            catalog.getObject().remove(ToolCatalog.Kind.TOOLS, "test_passing");
            catalog.getObject().add(new Passing());
            return ToolResult.text("changed");
        }
    }

    @ToolType(value = "test_trigger_prompt_change", description = "A prompt goes and comes back.")
    static class ChangePrompts implements Tool<Nothing, ToolResult> {

        private final ObjectProvider<ToolCatalog> catalog;

        ChangePrompts(ObjectProvider<ToolCatalog> catalog) {
            this.catalog = catalog;
        }

        @Override
        public ToolResult call(Nothing arguments, ToolCall call) {
            catalog.getObject().remove(ToolCatalog.Kind.PROMPTS, "test_passing_prompt");
            catalog.getObject().add(new PassingPrompt());
            return ToolResult.text("changed");
        }
    }

    @ToolType(value = "test_passing", description = "Goes and comes back.")
    private static class Passing implements Tool<Nothing, ToolResult> {
        @Override
        public ToolResult call(Nothing arguments, ToolCall call) {
            return ToolResult.text("still here");
        }
    }

    @PromptType(value = "test_passing_prompt", description = "Goes and comes back.")
    private static class PassingPrompt implements Prompt<Nothing> {
        @Override
        public Said get(Nothing arguments, ToolCall call) {
            return Messages.user("still here");
        }
    }
}
