/// The tools, as MCP's JSON-RPC at `POST /mcp`.
///
/// ```
/// FrontDoor      counts the bytes, decodes UTF-8 strictly, parses strictly  -> 413, 415, 400 with -32700
/// Request        is it JSON-RPC 2.0?                                        -> 400 with -32600
/// Methods        initialize, ping, tools/list, tools/call                   -> -32601, -32602
/// Tool           arguments read into a record, one call of the store        -> {"status":"success","data":…} or {"status":"error","error":…}
/// McpController  JSON, or an event stream of one message, as `Accept` says
/// ```
/// Promises:
///   1. No handshake and no session: any node answers any request. `initialize` is answered for clients that begin with it, and remembered nowhere.
///   2. What a tool says is one text content that holds the reference interface's envelope; so an unknown tool, id or argument reaches a client
///      of that interface as `{"status":"error","error":…}`. A client that speaks a revision of MCP gets the protocol's error where MCP has one.
///   3. A result with an `operation_id` is written after the operation is committed.
///   4. Whatever is sent, the answer says what was expected and what was found, names no Java class, and nothing is half-written.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "store", "task", "dialect", "query", "web"})
package dev.longhaul.mcp;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
