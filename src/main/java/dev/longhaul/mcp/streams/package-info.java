/// Streams that stay open: `subscriptions/listen` of 2026-07-28. They read the change feed of all operations, hold one
/// virtual thread each, and end with the node.
@NullMarked
package dev.longhaul.mcp.streams;

import org.jspecify.annotations.NullMarked;
