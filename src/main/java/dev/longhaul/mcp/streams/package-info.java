/// Streams that stay open: `subscriptions/listen` of 2026-07-28, and what a GET opens for the revisions before. Both
/// are fed by the live feed of all changes, hold a virtual thread and nothing else, and end with the node.
@NullMarked
package dev.longhaul.mcp.streams;

import org.jspecify.annotations.NullMarked;
