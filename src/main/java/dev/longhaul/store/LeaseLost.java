package dev.longhaul.store;

import dev.longhaul.operation.OperationId;

/// The run is no longer the operation's run: it was rescued, ended, or changed by hand. Its updates are rejected, and
/// it should stop.
public class LeaseLost extends RuntimeException {

    public LeaseLost(OperationId id) {
        super("the run of operation " + id + " is over: its lease was lost");
    }
}
