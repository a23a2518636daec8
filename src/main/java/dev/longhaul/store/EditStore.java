package dev.longhaul.store;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Labels;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// Edits of an operation's priority and labels, possible in any status. Callers compare versions under its lock before
/// they write.
@Repository
public class EditStore {

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final OperationMapper rows;
    private final JsonMapper json;

    EditStore(JdbcClient jdbc, TransactionTemplate transaction, OperationMapper rows, JsonMapper json) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.rows = rows;
        this.json = json;
    }

    /// @param priority -100 to 100
    public record Edit(int priority, Labels labels, @Nullable String reason) {}

    private static final String LOCK = "select *, now() as read_at from operation where id = :id for no key update";

    /// Locks the operation against other changes until the caller's transaction ends. Empty: there is no such
    /// operation.
    public Optional<Operation> lock(OperationId id) {
        return jdbc.sql(LOCK).param("id", id.value()).query(rows).optional();
    }

    private static final String EDIT = """
            update operation set
                priority = :priority, tags = :tags::text[], metadata = :metadata::jsonb,
                version = version + 1, history_seq = history_seq + 1, updated_at = now(),
                changed_by = :by, source = :via, reason = :reason
            where id = :id
            returning *, now() as read_at
            """;

    /// @param change computes the new values; if they equal the current ones, nothing is written
    /// @return empty: there is no such operation
    public Optional<Operation> edit(OperationId id, Function<Operation, Edit> change, Caller caller) {
        return transaction.execute(_ -> lock(id).map(operation -> {
            var edit = change.apply(operation);
            if (edit.priority == operation.priority() && edit.labels.equals(operation.labels())) {
                return operation;
            }
            return jdbc.sql(EDIT).param("id", id.value()).param("priority", edit.priority)
                    .param("tags", edit.labels.tags().toArray(String[]::new))
                    .param("metadata", json.writeValueAsString(edit.labels.metadata())).param("by", caller.name())
                            .param("via", caller.source())
                    .param("reason", edit.reason).query(rows).single();
        }));
    }
}
