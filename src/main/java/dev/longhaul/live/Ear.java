package dev.longhaul.live;

import dev.longhaul.operation.OperationId;
import java.util.Collection;

/// Hears what the database announces. Every method is called on the listener's one thread: note it and return.
public interface Ear {

    /// These operations have changed.
    default void changed(Collection<OperationId> ids) {
    }

    /// Something in this queue can be claimed.
    default void ready(String queue) {
    }

    /// This running operation is asked to stop.
    default void cancelling(OperationId id) {
    }

    /// LISTEN was lost, or is back: announcements may have been missed.
    default void missed() {
    }
}
