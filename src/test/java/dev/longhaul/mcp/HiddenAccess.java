package dev.longhaul.mcp;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.tool.OperationAccess;
import org.springframework.stereotype.Component;

/// A rule of access, as a user writes one: what is tagged `hidden` is for nobody who comes through the tools' door.
@Component
class HiddenAccess implements OperationAccess {

    @Override
    public boolean allows(Caller caller, Operation operation) {
        return !operation.labels().tags().contains("hidden");
    }
}
