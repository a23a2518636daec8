package dev.longhaul.live;

import dev.longhaul.operation.OperationId;
import java.util.Collection;
import java.util.UUID;

/// Hears what the database announces. Every method is called on the listener's one thread: note it and return.
public interface NotificationHandler {

    /// Whether it would hear of changes at this moment: while nobody does, a node at full speed need not read thousands
    /// of ids a second.
    default boolean wantsChanges() {
        return false;
    }

    /// These operations have changed.
    default void changed(Collection<OperationId> ids) {
    }

    /// Some operations have changed, whichever.
    default void somethingChanged() {
    }

    /// Something in this queue can be claimed by a node.
    default void ready(String queue) {
    }

    /// Something of this type in this queue can be claimed by a remote worker.
    ///
    /// @param type empty: perhaps of any type
    default void remoteReady(String type, String queue) {
    }

    /// What somebody wants of a running operation.
    enum Wish { CANCEL, PAUSE, RESUME }

    /// Somebody wants something of this running operation.
    default void ordered(OperationId id, Wish wish) {
    }

    /// A child of this operation has ended.
    default void childOver(OperationId parent) {
    }

    /// Somebody stands in line for this concurrency key, or a place of it is free.
    default void turn(String key) {
    }

    /// A client of a tool said something that concerns whichever node serves it, e.g. the answer to a question.
    default void clientSaid(String what) {
    }

    /// Somebody changed a schedule.
    default void scheduleChanged() {
    }

    /// This worker is to claim nothing more, or to claim again.
    default void drained(UUID worker, boolean isDraining) {
    }

    /// A remote worker registered a type, changed one, or one is no more.
    default void typesChanged() {
    }

    /// LISTEN was lost, or is back: announcements may have been missed.
    default void missed() {
    }
}
