/// What can be read, prompts to begin with, and completions of their arguments.
///
/// `longhaul://operations/{id}`, `…/history` and `…/output` are one operation, what happened to it, and what it
/// returned; `longhaul://queues` is what waits and runs. They are resources like any a user writes, in nothing special.
@NullMarked
package dev.longhaul.mcp.resources;

import org.jspecify.annotations.NullMarked;
