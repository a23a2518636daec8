package dev.longhaul.mcp.rpc;

/// The session of a client whose revision has sessions; opaque outside `mcp.legacy`.
public interface ClientSession {}
