package dev.longhaul.tool;

/// What a client may be able to do for a server.
public enum Capability {

    /// Shows its user a form.
    ELICITATION,
    /// Opens a page for its user.
    URL_ELICITATION,
    /// Asks its model.
    SAMPLING,
    /// Says which folders it works in.
    ROOTS,
    /// Follows work that goes on after the call.
    TASKS
}
