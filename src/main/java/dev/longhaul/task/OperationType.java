package dev.longhaul.task;

import tools.jackson.databind.JsonNode;

/// A type of operations that can be submitted: whose name it is, and what its input must look like.
public sealed interface OperationType permits RegisteredTask, RemoteTask {

    /// E.g. `csv_import`.
    String type();

    /// What it does, when to use it, what it returns: for people and for models that choose a tool.
    String description();

    /// JSON Schema 2020-12.
    JsonNode inputSchema();

    /// @throws InvalidInput if `given` does not fit the schema
    void check(JsonNode given);
}
