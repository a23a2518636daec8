/// What is said over the wire, to whom, and how it is kept honest: messages, clients of three eras, exchanges,
/// sessions, seals.
///
/// A [ClientProfile] is what one request says of its sender; nothing of it is remembered. What a session of a handshake
/// revision is, is in its id, signed ([Sessions]); what a client added to it later (a log level, subscriptions, its
/// end) is a row. A [dev.longhaul.mcp.rpc.McpExchange] begins as one JSON answer and becomes an event stream when there
/// is something to say before it. Answers to a server's requests may arrive at any node: they meet a row, and NOTIFY
/// wakes the node that waits ([ServerRequests]).
@NullMarked
package dev.longhaul.mcp.rpc;

import org.jspecify.annotations.NullMarked;
