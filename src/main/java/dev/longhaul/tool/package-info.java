/// What a user writes besides tasks: tools that answer at once, resources, and prompts, all for models and the programs
/// around them.
///
/// Each is a bean with an annotation that names it ([ToolType], [ResourceType], [PromptType]) and one method. Arguments
/// are records, as the inputs of tasks are. What takes long belongs into a [dev.longhaul.task.Task], which is a tool by
/// itself; a tool that has to ask or to look something up first hands over to one by [SubmitOperation].
///
/// A tool that needs to know more returns [InputRequired], and is called again with the answers ([ToolCall#form],
/// [ToolCall#answer]) and the state it left. It holds nothing meanwhile, so the second call may meet another node. How
/// the question reaches a person is the client's and the protocol's matter.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "types"})
package dev.longhaul.tool;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
