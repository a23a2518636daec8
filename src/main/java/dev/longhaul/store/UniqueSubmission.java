package dev.longhaul.store;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Concurrency;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Submission;
import dev.longhaul.store.OperationStore.Submitted;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// Submissions that allow one active operation per key: the new one is skipped, or replaces the active one. Submissions
/// of one key are serialized, so that two concurrent ones do not both find none active.
@Component
class UniqueSubmission {

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final OperationMapper rows;
    private final BulkStore bulk;
    private final JsonMapper json;

    UniqueSubmission(JdbcClient jdbc, TransactionTemplate transaction, OperationMapper rows, BulkStore bulk,
            JsonMapper json) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.rows = rows;
        this.bulk = bulk;
        this.json = json;
    }

    /// @param plainly submits the operation regardless of active ones
    Submitted submit(Submission submission, Caller caller, Supplier<Submitted> plainly) {
        var concurrency = submission.concurrency();
        if (concurrency == null || !submission.dependsOnActiveOperations()) {
            return plainly.get();
        }
        return transaction.execute(_ -> {
            waitForOthers(concurrency.key());
            return concurrency.ifActive() == Concurrency.IfActive.SKIP ? skip(submission, concurrency.key(), plainly)
                    : replace(concurrency.key(), plainly.get(), caller);
        });
    }

    private static final String WAIT = "select pg_advisory_xact_lock(7241005, hashtext(:key))::text";

    private void waitForOthers(String key) {
        jdbc.sql(WAIT).param("key", key).query(String.class).single();
    }

    private Submitted skip(Submission submission, String key, Supplier<Submitted> plainly) {
        if (isKnown(submission.idempotencyKey())) {
            return plainly.get();
        }
        return active(key).filter(active -> storeKey(submission, active))
                .map(active -> new Submitted(active, false, true)).orElseGet(plainly);
    }

    private static final String KNOWN = "select exists (select from idempotency_key where key = :key)";

    private boolean isKnown(@Nullable String idempotencyKey) {
        return idempotencyKey != null && jdbc.sql(KNOWN).param("key", idempotencyKey).query(Boolean.class).single();
    }

    private static final String ACTIVE = """
            select *, now() as read_at from operation
            where concurrency_key = :key and status in ('pending', 'waiting', 'running') order by id limit 1
            """;

    private Optional<Operation> active(String key) {
        return jdbc.sql(ACTIVE).param("key", key).query(rows).optional();
    }

    private static final String STORE_KEY = """
            insert into idempotency_key (key, operation_id, request_hash) values (:key, :id, :hash)
                on conflict (namespace, key) do nothing
            """;

    /// Stores the key, so that the same request gets the same operation after the active one has finished. False: a
    /// concurrent request stored the same idempotency key.
    private boolean storeKey(Submission submission, Operation active) {
        return submission.idempotencyKey() == null || jdbc.sql(STORE_KEY).param("key", submission.idempotencyKey())
                .param("id", active.id().value())
                .param("hash", RequestHash.of(submission, json)).update() == 1;
    }

    private static final String OTHERS = """
            select id from operation where concurrency_key = :key and id <> :id
                and status in ('pending', 'waiting', 'running')
            """;

    private Submitted replace(String key, Submitted submitted, Caller caller) {
        if (!submitted.replayed()) {
            var id = submitted.operation().id();
            var others = jdbc.sql(OTHERS).param("key", key).param("id", id.value()).query(UUID.class).stream()
                    .map(OperationId::new).toList();
            bulk.cancel(others, "replaced by operation " + id, caller);
        }
        return submitted;
    }
}
