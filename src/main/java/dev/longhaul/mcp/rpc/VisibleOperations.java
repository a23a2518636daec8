package dev.longhaul.mcp.rpc;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.store.OperationStore;
import dev.longhaul.store.RetentionStore;
import dev.longhaul.tool.OperationAccess;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/// The operations that a caller may see.
@Component
public class VisibleOperations {

    private final OperationStore store;
    private final RetentionStore retention;
    private final List<OperationAccess> rules;

    VisibleOperations(OperationStore store, RetentionStore retention, ObjectProvider<OperationAccess> rules) {
        this.store = store;
        this.retention = retention;
        this.rules = rules.orderedStream().toList();
    }

    public Optional<Operation> find(OperationId id, Caller caller) {
        return store.find(id).filter(operation -> allows(caller, operation));
    }

    /// @throws OperationNotVisible if there is none, or not for this caller
    public Operation get(OperationId id, Caller caller) {
        return find(id, caller).orElseThrow(() -> new OperationNotVisible(missing("operation", id)));
    }

    /// The message for a missing operation: unknown or expired.
    ///
    /// @param what e.g. `task`
    public String missing(String what, OperationId id) {
        return retention.gone(id).map(gone -> gone.said(id)).orElse("there is no " + what + " " + id);
    }

    public boolean allows(Caller caller, Operation operation) {
        return rules.stream().allMatch(rule -> rule.allows(caller, operation));
    }

    public boolean allows(Caller caller, OperationId id) {
        return rules.isEmpty() || find(id, caller).isPresent();
    }
}
