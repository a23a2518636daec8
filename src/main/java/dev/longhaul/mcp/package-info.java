/// MCP at `POST /mcp`: revision 2026-07-28, the revisions before it, and the reference interface's plain calls.
///
/// ```
/// RequestReader   limits the bytes, decodes UTF-8 and parses strictly -> 413, 415, 400 with -32700
/// JsonRpcMessage  JSON-RPC 2.0                                        -> 400 with -32600
/// ClientResolver  the client, by its request                          -> 400 with -32602, -32020, -32022; 404: session ended
///   2026-07-28    metadata in every request, repeated in headers
///   2024-11-05 …  handshake, then a session
///   none          the reference interface's plain calls
/// MethodRouter    the methods of the client's revision                -> -32601
/// tools           list, call; results, input, operations              -> a result, or a result with isError
/// tasks           operations as tasks; input requests as elicitations
/// resources       resources, prompts, completion
/// streams         subscriptions/listen
/// rpc             messages, clients, exchanges, signed states
/// legacy          the revisions before 2026-07-28; nothing outside imports it
/// ```
/// Promises:
///   1. Every node serves every request. A session is its signed id; a state that a client returns is signed; an answer
///      to an input request is a row.
///   2. The reference interface's tools respond with its envelope, as text and as structured content. An unknown tool,
///      id or argument reaches its clients as `{"status":"error","error":…}`. A client that names a revision gets the
///      protocol's error where there is one.
///   3. A response with an `operation_id` or a task is sent after the operation is committed.
///   4. Every refusal has the expected and the given value, names no Java class, and leaves nothing half-written.
///   5. Closing the stream of a call of 2026-07-28 cancels the operation that it waits for, as that revision requires.
///      Nothing else is cancelled by a lost connection.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "store", "task", "tool", "reference", "query", "live",
        "inputrequest", "history", "schedule", "workflow", "web", "types"})
package dev.longhaul.mcp;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
