package dev.longhaul.tool;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;

/// Decides which operations a caller may see and change through tools, tasks and resources. Every bean of this type
/// must allow it; a refused operation looks like a missing one. Without such beans every caller may.
public interface OperationAccess {

    boolean allows(Caller caller, Operation operation);
}
