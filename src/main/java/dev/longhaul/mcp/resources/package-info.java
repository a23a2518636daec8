/// Resources, prompts, and completion of their arguments.
///
/// `longhaul://operations/{id}`, `…/history` and `…/output` are an operation, its history and its output;
/// `longhaul://queues` are the queues with their counts. They are built like the resources of an application.
@NullMarked
package dev.longhaul.mcp.resources;

import org.jspecify.annotations.NullMarked;
