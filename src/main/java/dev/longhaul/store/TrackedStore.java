package dev.longhaul.store;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Submission;
import java.util.Arrays;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// Tracked operations: their creators hold the runs and report them. They are in no claim group, so no worker claims
/// them.
@Repository
public class TrackedStore {

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final JsonMapper json;

    TrackedStore(JdbcClient jdbc, TransactionTemplate transaction, JsonMapper json) {
        this.jdbc = jdbc;
        this.transaction = transaction;
        this.json = json;
    }

    /// @param runId    new run, or the current run of a replayed operation; all zeros if that operation has finished
    /// @param replayed true: an earlier request with the same idempotency key made the operation
    public record Tracked(OperationId id, UUID runId, boolean replayed) {}

    private static final String TAKE_KEY = """
            insert into idempotency_key (key, operation_id, request_hash) values (:key, operation_id(), :hash)
            on conflict (namespace, key) do nothing
            returning operation_id
            """;
    private static final String INSERT = """
            insert into operation (id, type, claim_group, queue, max_attempts, heartbeat_timeout, deadline, tags,
                metadata, trace_parent, input, changed_by, source)
            values (coalesce(:id::uuid, operation_id()), :type, null, :queue, 1, :heartbeat::interval,
                :deadline::timestamptz, :tags::text[], :metadata::jsonb,
                    :traceParent, :input::jsonb, :by, :via)
            returning id
            """;
    // One worker row represents all trackers, and is never lost.
    private static final String BEGIN = """
            update operation set
                status = 'running', run_id = gen_random_uuid(), worker_id = '00000000-0000-0000-0000-000000000001',
                    attempt = 1,
                started_at = now(), attempt_started_at = now(), version = version + 1, history_seq = history_seq + 1,
                    changed_by = :by, source = :via
            where id = :id and status = 'pending'
            returning run_id
            """;

    /// @throws IdempotencyConflict if the key was used for another request
    public Tracked begin(Submission submission, Caller caller) {
        return transaction.execute(_ -> {
            var key = submission.idempotencyKey();
            if (key == null) {
                return begin(submission, null, caller);
            }
            var hash = RequestHash.of(submission, json);
            return jdbc.sql(TAKE_KEY).param("key", key).param("hash", hash).query(UUID.class).optional()
                    .map(id -> begin(submission, id, caller)).orElseGet(() -> earlier(key, hash));
        });
    }

    private Tracked begin(Submission submission, @Nullable UUID id, Caller caller) {
        var limits = submission.limits();
        var made = jdbc.sql(INSERT).param("id", id).param("type", submission.type()).param("queue", submission.queue())
                .param("heartbeat", limits.heartbeatTimeout() == null ? null : limits.heartbeatTimeout().toString())
                .param("deadline", limits.deadline() == null ? null : limits.deadline().toString())
                .param("tags", BulkInsert.tags(submission.labels()))
                        .param("metadata", json.writeValueAsString(submission.labels().metadata()))
                .param("traceParent", submission.traceParent())
                        .param("input", json.writeValueAsString(submission.input()))
                .param("by", caller.name()).param("via", caller.source()).query(UUID.class).single();
        var run = jdbc.sql(BEGIN).param("id", made).param("by", caller.name()).param("via", caller.source())
                .query(UUID.class).single();
        return new Tracked(new OperationId(made), run, false);
    }

    private static final String FIND_HASH = "select request_hash from idempotency_key where key = :key";
    private static final String EARLIER = """
            select o.id, coalesce(o.run_id, '00000000-0000-0000-0000-000000000000') as run_id from operation o
            where o.id = (select operation_id from idempotency_key where key = :key) and o.claim_group is null
            """;

    private Tracked earlier(String key, byte[] hash) {
        var stored = jdbc.sql(FIND_HASH).param("key", key).query(byte[].class).single();
        var known = jdbc.sql(EARLIER).param("key", key)
                .query((row, _) -> new Tracked(new OperationId(row.getObject("id", UUID.class)),
                row.getObject("run_id", UUID.class), true)).optional();
        if (known.isEmpty() || !Arrays.equals(stored, hash)) {
            throw new IdempotencyConflict(key, known.map(Tracked::id).orElse(new OperationId(new UUID(0, 0))));
        }
        return known.get();
    }
}
