package dev.longhaul.store;

import dev.longhaul.operation.RetryPolicy;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;

/// Task types that remote workers registered, and the operations that they may claim.
@Repository
public class RemoteTypeStore {

    private static final Logger log = LoggerFactory.getLogger(RemoteTypeStore.class);

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final JsonMapper json;

    RemoteTypeStore(JdbcClient jdbc, TransactionTemplate transaction, JsonMapper json) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.json = json;
    }

    /// @param inputSchema JSON Schema 2020-12; missing: it cannot be read
    /// @param retryPolicy pauses between attempts, unless an operation was submitted with others; null: those of the
    ///     settings
    /// @param version     number that grows by one with every change
    public record RemoteType(String type, String description, JsonNode inputSchema, @Nullable RetryPolicy retryPolicy,
            int version) {}

    private static final String FIND = "select * from remote_type where type = :type";

    public Optional<RemoteType> find(String type) {
        return jdbc.sql(FIND).param("type", type).query((row, _) -> type(row)).optional();
    }

    private static final String ALL = "select * from remote_type order by type";

    public List<RemoteType> all() {
        return jdbc.sql(ALL).query((row, _) -> type(row)).list();
    }

    private static final String REGISTER = """
            insert into remote_type as known (type, description, input_schema, retry_policy, registered_by, changed_by)
            values (:type, :description, :schema::jsonb, :retry::jsonb, :by, :by)
            on conflict (namespace, type) do update set
                description = excluded.description, input_schema = excluded.input_schema, retry_policy
                    = excluded.retry_policy,
                version = known.version + 1, changed_at = now(), changed_by = excluded.changed_by
            where (known.description, known.input_schema, known.retry_policy) is distinct
                from (excluded.description, excluded.input_schema, excluded.retry_policy)
            """;
    // Operations that were submitted before the type was registered.
    private static final String ADOPT = """
            with lost as (
                select id from operation where claim_group = '' and type = :type and status in ('pending', 'waiting')
                    order by id for update)
            update operation o set
                claim_group = :type, version = o.version + 1, history_seq = o.history_seq + 1, updated_at = now(),
                changed_by = :by, source = 'remote', reason = 'its type was registered by a remote worker'
            from lost where o.id = lost.id and o.status in ('pending', 'waiting')
            """;

    /// The latest registration of a type is used. Rows are locked in the order of names.
    public void register(Collection<RemoteType> types, String by) {
        transaction.executeWithoutResult(_ -> types.stream().sorted((one, other) -> one.type().compareTo(other.type()))
                .forEach(type -> {
            var policy = RetryPolicies.write(type.retryPolicy());
            var changed = jdbc.sql(REGISTER).param("type", type.type()).param("description", type.description())
                    .param("schema", json.writeValueAsString(type.inputSchema()))
                            .param("retry", policy == null ? null : policy.toString()).param("by", by).update();
            if (changed > 0) {
                jdbc.sql(ADOPT).param("type", type.type()).param("by", by).update();
            }
        }));
    }

    private static final String FORGET = "delete from remote_type where type = any(:types::text[])";
    private static final String RECLAIM = """
            with strange as (
                select id from operation where claim_group = any(:types::text[]) and status in ('pending', 'waiting')
                    order by id for update)
            update operation o set
                claim_group = '', version = o.version + 1, history_seq = o.history_seq + 1, updated_at = now(),
                changed_by = :by, source = 'engine', reason = 'the service runs its type itself'
            from strange where o.id = strange.id and o.status in ('pending', 'waiting')
            """;

    /// Removes types that the service runs itself from the remote types.
    public void takeBack(Collection<String> types, String by) {
        var names = types.toArray(String[]::new);
        transaction.executeWithoutResult(_ -> {
            if (jdbc.sql(FORGET).param("types", names).update() > 0) {
                jdbc.sql(RECLAIM).param("types", names).param("by", by).update();
            }
        });
    }

    /// What was written by hand and cannot be read is left out: the schema is missing then, or the policy is null.
    private RemoteType type(ResultSet row) throws SQLException {
        return new RemoteType(row.getString("type"), row.getString("description"),
                readable(row.getString("input_schema")).orElse(MissingNode.getInstance()),
                policy(row.getString("type"), row.getString("retry_policy")), row.getInt("version"));
    }

    private Optional<JsonNode> readable(String text) {
        try {
            return Optional.of(json.readTree(text));
        } catch (JacksonException unreadable) {
            return Optional.empty();
        }
    }

    private @Nullable RetryPolicy policy(String type, @Nullable String text) {
        try {
            return text == null ? null : RetryPolicies.read(readable(text).orElse(MissingNode.getInstance()));
        } catch (IllegalArgumentException invalid) {
            log.warn("task type {} has an invalid retry policy, and the settings' is used: {}", type,
                    invalid.getMessage());
            return null;
        }
    }
}
