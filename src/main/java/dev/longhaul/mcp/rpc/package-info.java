/// JSON-RPC messages, clients, exchanges and signed states.
///
/// A [ClientProfile] is what one request says about its client; nothing of it is stored. An [McpExchange] starts as one
/// JSON response and becomes an event stream when a message precedes the response. [StateSigner] signs what a client
/// returns unchanged. [SessionProtocol] is the extension point for revisions with sessions.
@NullMarked
package dev.longhaul.mcp.rpc;

import org.jspecify.annotations.NullMarked;
