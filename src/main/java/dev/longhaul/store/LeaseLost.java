package dev.longhaul.store;

import dev.longhaul.operation.OperationId;

/// The run that speaks is no longer the operation's run: somebody took it over, cancelled it by hand, or ended it.
/// What the run says is void, and it should stop.
public class LeaseLost extends RuntimeException {

    public LeaseLost(OperationId id) {
        super("the run of operation " + id + " is over: its lease was lost");
    }
}
