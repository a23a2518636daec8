/// The tools, as MCP at `POST /mcp`: every revision of the protocol, and none.
///
/// ```
/// FrontDoor      counts the bytes, decodes UTF-8 strictly, parses strictly  -> 413, 415, 400 with -32700
/// Message        is it JSON-RPC 2.0?                                        -> 400 with -32600
/// Clients        who asks, by what the request carries                      -> 400 with -32602, -32020, -32022; 404: the session is over
///   2026-07-28       metadata in every request, repeated in headers
///   2024-11-05 …     a handshake, then a session, which is its signed id
///   none             the reference interface's plain calls
/// Methods        which there are for whom                                   -> -32601
/// tools          list, call; answers, questions, operations                 -> a result, or one with isError
/// tasks          operations as tasks, in both dialects; questions to people
/// resources      what can be read; prompts; completion
/// streams        subscriptions/listen, and the streams of sessions
/// rpc            messages, clients, exchanges, sessions, seals
/// ```
/// Promises:
///   1. Any node answers any request. A session is its id, signed; a state that goes through a client is sealed; an
///      answer to a question meets a row.
///   2. The reference interface's tools say what they always said: one text content that holds its envelope; so an
///      unknown tool, id or argument reaches a client of that interface as `{"status":"error","error":…}`. A client
///      that speaks a revision gets the protocol's error where there is one.
///   3. A result with an `operation_id`, and a task, is written after the operation is committed.
///   4. Whatever is sent, the answer says what was expected and what was found, names no Java class, and nothing is
///      half-written.
///   5. Closing the stream of a call of 2026-07-28 cancels the operation it waits for, as that revision wants it.
///      Nothing else does by itself: a task, and an operation that was answered with its id, go on whoever watches.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "store", "task", "tool", "reference", "query", "live",
        "inputrequest", "history", "schedule", "workflow", "web", "types"})
package dev.longhaul.mcp;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
