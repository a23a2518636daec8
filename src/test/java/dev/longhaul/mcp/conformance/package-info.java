/// What the official conformance suite wants a server to have, written as any user writes tasks, tools, resources and
/// prompts; and the suite's run.
package dev.longhaul.mcp.conformance;
