/// Operations as tasks: what a client that follows work is told of it, in both of the protocol's dialects, and how a
/// person's word gets back.
///
/// | operation | task of 2026-07-28's extension | task of 2025-11-25 |
/// |---|---|---|
/// | pending, running, waiting | `working` | `working` |
/// | the same, and it asks something that this client can ask a person | `input_required` | `input_required` |
/// | completed | `completed` with the call's result | `completed` |
/// | failed, and the task said so | `completed` with a result that `isError` | `failed` |
/// | failed, and we say so: worker lost, timed out, broken down | `failed` with a JSON-RPC error | `failed` |
/// | cancelled | `cancelled` | `cancelled` |
@NullMarked
package dev.longhaul.mcp.tasks;

import org.jspecify.annotations.NullMarked;
