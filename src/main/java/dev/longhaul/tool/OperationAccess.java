package dev.longhaul.tool;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;

/// Decides who may see and change which operation through tools, tasks and resources. Every bean of this kind has to
/// agree; one that is refused looks like one that does not exist. Without any, whoever reaches the service may.
public interface OperationAccess {

    boolean allows(Caller caller, Operation operation);
}
