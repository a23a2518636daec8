/// What an application writes besides tasks: tools that respond at once, resources, and prompts.
///
/// Each is a bean with an annotation that names it ([ToolType], [ResourceType], [PromptType]) and one method. Arguments
/// are records, like the inputs of tasks. Long-running work is a [dev.longhaul.task.Task], which is a tool by itself; a
/// tool that needs input first submits one by [SubmitOperation].
///
/// A tool that needs input returns [InputRequired], and is called again with the answers ([ToolCall#form],
/// [ToolCall#answer]) and its state. It holds nothing meanwhile, so any node can serve the second call. How the request
/// reaches a person depends on the client and its protocol revision.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "types"})
package dev.longhaul.tool;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
