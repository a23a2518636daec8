package dev.longhaul.store;

import dev.longhaul.operation.Caller;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Workers that are to claim nothing more, before a deploy or since something is wrong with them.
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

    /// It claims nothing more, and what it runs goes on. Asking again changes nothing.
    public void drain(UUID worker, @Nullable String reason, Caller caller) {
        jdbc.sql(DRAIN).param("id", worker).param("by", caller.name()).param("reason", reason).update();
    }

    private static final String RESUME =
            "update worker set draining_since = null, drained_by = null, drain_reason = null where id = :id and "
            + "draining_since is not null";

    /// It claims again.
    public void resume(UUID worker) {
        jdbc.sql(RESUME).param("id", worker).update();
    }
}
