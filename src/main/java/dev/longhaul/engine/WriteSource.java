package dev.longhaul.engine;

import dev.longhaul.store.RunStore.QueueKey;
import dev.longhaul.store.RunStore.Worker;
import dev.longhaul.store.RunStore.WriteResult;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;

/// Writes in a batch and may claim in it: this node, or one request of a remote worker.
interface WriteSource {

    Worker worker();

    /// How many operations it may claim now.
    int free();

    /// The claim groups that it claims from ([QueueKey#claimGroup]).
    Set<String> claimGroups();

    /// The queues that it claims from; null: all.
    @Nullable Set<String> queues();

    /// An earlier entry of it was not written, so it claims nothing.
    boolean hasFailed();

    void written(WritePart part, WriteResult result);

    /// A row is locked or the database is unavailable: a later try may succeed.
    void postponed(WritePart part, DataAccessException reason);

    /// The database refuses the one entry of the part, and would refuse it again.
    void refused(WritePart part, DataAccessException reason);
}
