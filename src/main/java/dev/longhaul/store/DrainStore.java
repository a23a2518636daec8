package dev.longhaul.store;

import dev.longhaul.operation.Caller;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Drained workers: they claim no more operations, before a deploy or because of a fault.
@Repository
public class DrainStore {

    private final JdbcClient jdbc;

    DrainStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    private static final String DRAIN = """
            update worker set draining_since = now(), drained_by = :by, drain_reason = :reason where id = :id
                and status = 'alive' and kind <> 'tracker' and draining_since is null
            """;

    /// The worker claims nothing more; its current runs continue. A repeated call changes nothing.
    public void drain(UUID worker, @Nullable String reason, Caller caller) {
        jdbc.sql(DRAIN).param("id", worker).param("by", caller.name()).param("reason", reason).update();
    }

    private static final String RESUME =
            "update worker set draining_since = null, drained_by = null, drain_reason = null where id = :id and "
            + "draining_since is not null";

    /// The worker claims again.
    public void resume(UUID worker) {
        jdbc.sql(RESUME).param("id", worker).update();
    }
}
