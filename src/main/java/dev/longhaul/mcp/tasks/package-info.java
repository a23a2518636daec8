/// Operations as tasks of the protocol, and input requests as elicitations.
///
/// | operation | task of 2026-07-28's extension | task of 2025-11-25 |
/// |---|---|---|
/// | pending, running, waiting | `working` | `working` |
/// | the same, with an open input request that the client can show | `input_required` | `input_required` |
/// | completed | `completed` with the call's result | `completed` |
/// | failed by the task | `completed` with a result that `isError` | `failed` |
/// | failed by the service: worker lease expired, timeout, internal error | `failed` with a JSON-RPC error | `failed` |
/// | cancelled | `cancelled` | `cancelled` |
@NullMarked
package dev.longhaul.mcp.tasks;

import org.jspecify.annotations.NullMarked;
