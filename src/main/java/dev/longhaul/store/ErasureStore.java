package dev.longhaul.store;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Erases the data of finished operations. The function in the database does it, since the service may not update a
/// history.
@Repository
public class ErasureStore {

    private final JdbcClient jdbc;

    ErasureStore(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    private static final String ERASE = "select erase_data(:id, :reason, :by, :via)";

    /// @param id of a finished operation
    /// @return false: there is no such operation, or its data was erased before
    public boolean erase(OperationId id, String reason, Caller caller) {
        return jdbc.sql(ERASE).param("id", id.value()).param("reason", reason).param("by", caller.name())
                .param("via", caller.source()).query(Boolean.class).single();
    }
}
