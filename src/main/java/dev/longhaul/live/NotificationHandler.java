package dev.longhaul.live;

import dev.longhaul.operation.OperationId;
import java.util.Collection;
import java.util.UUID;

/// Gets the notifications of the database. Every method runs on the listener's thread and must return at once.
public interface NotificationHandler {

    /// Whether it wants [#changed] now: without such a handler, a busy node need not parse thousands of ids a second.
    default boolean wantsChanges() {
        return false;
    }

    /// These operations have changed.
    default void changed(Collection<OperationId> ids) {
    }

    /// Some operations have changed.
    default void anyChanged() {
    }

    /// Something in this queue can be claimed by a node.
    default void ready(String queue) {
    }

    /// Something of this type in this queue can be claimed by a remote worker.
    ///
    /// @param type empty: perhaps of any type
    default void remoteReady(String type, String queue) {
    }

    /// A signal to a running operation.
    enum Signal { CANCEL, PAUSE, RESUME }

    default void signalled(OperationId id, Signal signal) {
    }

    /// A child of this operation has ended.
    default void childEnded(OperationId parent) {
    }

    /// An operation waits for a slot of this concurrency key, or a slot is free.
    default void concurrencyChanged(String key) {
    }

    /// A message of an MCP client for the node that serves its call, e.g. the answer to an input request.
    default void mcpClientEvent(String what) {
    }

    /// A schedule was changed.
    default void scheduleChanged() {
    }

    /// This worker shall claim nothing more, or claim again.
    default void drained(UUID worker, boolean isDraining) {
    }

    /// A remote type was registered, changed or removed.
    default void typesChanged() {
    }

    /// LISTEN was lost, or is back: notifications may have been missed.
    default void missed() {
    }
}
