/// The revisions before 2026-07-28: 2024-11-05, 2025-03-26, 2025-06-18 and 2025-11-25. The package can be deleted as a
/// whole; nothing outside imports it. It adds to the rest of `mcp` by two beans: [LegacyProtocol] (handshake, sessions,
/// methods, batches, requests of the server) and [LegacyCalls] (tool calls that a client can cancel, resume or follow
/// as a task).
///
/// Promises:
///   1. Every node serves every request. A session is its signed id ([Sessions]). Only what a client changes later (log
///      level, subscriptions, end) is a row.
///   2. A request of the server goes out on a stream of one node ([ServerRequests]). Its answer may reach any node: it
///      is stored as a row, and NOTIFY wakes the waiting call.
///   3. A lost connection cancels nothing. A client resumes a call by the id of its last event, on any node
///      ([ResumePoints]).
///
/// If a node stops, its streams end and clients resume on another node. During an outage of the database they continue.
/// [SessionCleanup] deletes the rows of expired sessions.
@NullMarked
package dev.longhaul.mcp.legacy;

import org.jspecify.annotations.NullMarked;
