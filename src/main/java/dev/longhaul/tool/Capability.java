package dev.longhaul.tool;

/// Capabilities of clients.
public enum Capability {

    /// Shows its user a form.
    ELICITATION,
    /// Opens a page for its user.
    URL_ELICITATION,
    /// Asks its model.
    SAMPLING,
    /// Lists the folders that it works in.
    ROOTS,
    /// Follows operations as tasks.
    TASKS
}
