package dev.longhaul.store;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Submission;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import tools.jackson.databind.json.JsonMapper;

/// Requests of callers: submit, find, cancel, pause, run again. Each method is one statement and one commit.
@Repository
public class OperationStore {

    private final JdbcClient jdbc;
    private final BatchedReads batchedReads;
    private final OperationMapper rows;
    private final UniqueSubmission uniqueSubmission;
    private final IdempotentBatches batches;
    private final JsonMapper json;

    OperationStore(JdbcClient jdbc, BatchedReads batchedReads, OperationMapper rows, UniqueSubmission uniqueSubmission,
            IdempotentBatches batches, JsonMapper json) {
        this.jdbc = jdbc;
        this.batchedReads = batchedReads;
        this.rows = rows;
        this.uniqueSubmission = uniqueSubmission;
        this.batches = batches;
        this.json = json;
    }

    /// When this returns, the operation is committed. It will reach a final state or stay visible.
    ///
    /// @throws IdempotencyConflict if the key was used for another request
    public Submitted submit(Submission submission, Caller caller) {
        return uniqueSubmission.submit(submission, caller, () -> submission.idempotencyKey() == null
                ? new Submitted(insert(submission, null, 1, caller), false, false)
                : submitOnce(submission, submission.idempotencyKey(), caller));
    }

    /// @param replayed true: an earlier request with the same idempotency key made the operation
    /// @param skipped  true: the concurrency key has this active operation, and no new one was made
    public record Submitted(Operation operation, boolean replayed, boolean skipped) {}

    private static final String INSERT = """
            insert into operation (type, claim_group, queue, priority, run_at, max_attempts, retry_policy, timeout,
                heartbeat_timeout, start_by, deadline,
                                   concurrency_key, concurrency_limit, rate_limit, rate_period, tags, metadata,
                                       trace_parent,
                                   input, parent_id, weight, changed_by, source)
            values (:type, claim_group_of(:type), :queue, :priority, coalesce(:runAt::timestamptz, now()),
                :maxAttempts, :retry::jsonb, :timeout::interval,
                    :heartbeat::interval, :startBy, :deadline, :concurrencyKey, :concurrencyLimit, :rateStarts,
                        :ratePer::interval,
                    :tags::text[], :metadata::jsonb, :traceParent, :input::jsonb, :parent, :weight, :by, :via)
            returning *, now() as read_at
            """;

    Operation insert(Submission submission, @Nullable OperationId parent, double weight, Caller caller) {
        return bound(jdbc.sql(INSERT), submission, caller).param("parent", parent == null ? null : parent.value())
                .param("weight", weight)
                .query(rows).single();
    }

    /// Submits all or none, in one statement and one commit.
    ///
    /// @param submissions operations without `skip` and `replace`
    /// @return ids in the order of the submissions
    public List<OperationId> submitAll(List<Submission> submissions, Caller caller) {
        return submitAll(submissions, null, caller).ids();
    }

    /// Submits all or none, in one commit. Operations whose keys were used before are not made again.
    ///
    /// @param submissions operations without `skip` and `replace`
    /// @param key         idempotency key of the whole batch; null: none
    /// @throws IdempotencyConflict if the batch's key or an operation's key was used for another request
    public Batch submitAll(List<Submission> submissions, @Nullable String key, Caller caller) {
        return batches.submit(submissions, key, caller);
    }

    /// @param ids      ids in the order of the submissions
    /// @param replayed number of ids from earlier requests with the same keys
    public record Batch(List<OperationId> ids, int replayed) {}

    // A concurrent request with the same key makes the insert of the key wait for its commit.
    private static final String INSERT_ONCE = """
            with taken as (
                insert into idempotency_key (key, operation_id, request_hash) values (:key, operation_id(), :hash)
                on conflict (namespace, key) do nothing
                returning operation_id)
            insert into operation (id, type, claim_group, queue, priority, run_at, max_attempts, retry_policy,
                timeout, heartbeat_timeout, start_by, deadline,
                                   concurrency_key, concurrency_limit, rate_limit, rate_period, tags, metadata,
                                       trace_parent,
                                   input, changed_by, source)
            select operation_id, :type, claim_group_of(:type), :queue, :priority,
                coalesce(:runAt::timestamptz, now()), :maxAttempts, :retry::jsonb, :timeout::interval,
                   :heartbeat::interval, :startBy, :deadline, :concurrencyKey, :concurrencyLimit, :rateStarts,
                       :ratePer::interval,
                   :tags::text[], :metadata::jsonb, :traceParent, :input::jsonb, :by, :via
            from taken
            returning *, now() as read_at
            """;

    private Submitted submitOnce(Submission submission, String key, Caller caller) {
        var hash = RequestHash.of(submission, json);
        return bound(jdbc.sql(INSERT_ONCE), submission, caller).param("key", key).param("hash", hash)
                .query(rows).optional()
                .map(operation -> new Submitted(operation, false, false))
                .orElseGet(() -> new Submitted(earlier(key, hash), true, false));
    }

    private static final String FIND_HASH = "select request_hash from idempotency_key where key = :key";
    private static final String FIND_BY_KEY = """
            select o.*, now() as read_at from operation o
            where o.id = (select operation_id from idempotency_key where key = :key)
            """;

    private Operation earlier(String key, byte[] hash) {
        var stored = jdbc.sql(FIND_HASH).param("key", key).query(byte[].class).single();
        var operation = jdbc.sql(FIND_BY_KEY).param("key", key).query(rows).single();
        if (!Arrays.equals(stored, hash)) {
            throw new IdempotencyConflict(key, operation.id());
        }
        return operation;
    }

    private static final String FIND = "select *, now() as read_at from operation where id = :id";

    public Optional<Operation> find(OperationId id) {
        return TransactionSynchronizationManager.isActualTransactionActive() ? jdbc.sql(FIND).param("id", id.value())
                .query(rows).optional() : batchedReads.find(id);
    }

    private static final String CANCEL = """
            update operation set
                status = case when status = 'running' then status else 'cancelled' end,
                finished_at = case when status = 'running' then null else now() end,
                delayed = false, paused = paused and status = 'running', waits_for = null, awaited_ids = null,
                cancel_requested_at = now(),
                version = version + 1, history_seq = history_seq + 1, updated_at = now(),
                changed_by = :by, source = :via, reason = :reason
            where id = :id and status in ('pending', 'waiting', 'running') and cancel_requested_at is null
            returning *, now() as read_at
            """;

    /// Cancels an operation that is not running at once. A running task is asked to stop. A repeated or late call
    /// changes nothing. Empty: there is no such operation.
    public Optional<Operation> cancel(OperationId id, @Nullable String reason, Caller caller) {
        return changed(CANCEL, id, reason, caller).or(() -> find(id));
    }

    // A trigger also runs the children again that were stopped with it.
    private static final String RUN_AGAIN = """
            update operation set
                status = 'pending', delayed = false, run_at = now(), finished_at = null, cancel_requested_at = null,
                failures = 0, worker_losses = 0, continues_attempt = false, start_by = null, deadline = case
                    when deadline > now() then deadline end,
                version = version + 1, history_seq = history_seq + 1, updated_at = now(),
                changed_by = :by, source = :via, reason = :reason
            where id = :id and status in ('failed', 'cancelled') and claim_group is not null
            returning *, now() as read_at
            """;

    /// Gives a failed or cancelled operation its next attempt; earlier attempts and checkpoints are kept. Empty: there
    /// is no such operation, or it has not finished, is completed, or is tracked, so that no worker could run it.
    public Optional<Operation> runAgain(OperationId id, @Nullable String reason, Caller caller) {
        return changed(RUN_AGAIN, id, reason, caller);
    }

    private static final String PAUSE = """
            update operation set
                paused = true, delayed = status <> 'running',
                version = version + 1, history_seq = history_seq + 1, updated_at = now(),
                changed_by = :by, source = :via, reason = :reason
            where id = :id and status in ('pending', 'waiting', 'running') and not paused
            returning *, now() as read_at
            """;

    /// Pauses an operation: it does not start, and a running one stops at its next checkpoint. A repeated or late call
    /// changes nothing. Empty: there is no such operation.
    public Optional<Operation> pause(OperationId id, @Nullable String reason, Caller caller) {
        return changed(PAUSE, id, reason, caller).or(() -> find(id));
    }

    private static final String RESUME = """
            update operation set
                paused = false, delayed = status = 'waiting' or status = 'pending' and run_at > now(),
                version = version + 1, history_seq = history_seq + 1, updated_at = now(),
                changed_by = :by, source = :via, reason = :reason
            where id = :id and status in ('pending', 'waiting', 'running') and paused
            returning *, now() as read_at
            """;

    /// Ends a pause. The event that the operation waits for may have occurred during the pause. Empty: there is no such
    /// operation.
    public Optional<Operation> resume(OperationId id, @Nullable String reason, Caller caller) {
        return changed(RESUME, id, reason, caller).or(() -> find(id));
    }

    private static final String RESCHEDULE = """
            update operation set
                run_at = :runAt, delayed = paused or :runAt > now(),
                version = version + 1, history_seq = history_seq + 1, updated_at = now(),
                changed_by = :by, source = :via, reason = :reason
            where id = :id and status = 'pending'
            returning *, now() as read_at
            """;

    /// Moves the start of a pending operation, or of its next attempt. Empty: there is no such operation, or it is not
    /// pending.
    public Optional<Operation> reschedule(OperationId id, Instant runAt, @Nullable String reason, Caller caller) {
        return jdbc.sql(RESCHEDULE).param("id", id.value()).param("runAt", utc(runAt)).param("by", caller.name())
                .param("via", caller.source())
                .param("reason", reason).query(rows).optional();
    }

    /// Inserts operations with the columns that a rerun copies. The caller appends the `where` clause.
    static final String DO_OVER = """
            insert into operation (type, claim_group, queue, priority, max_attempts, retry_policy, timeout,
                heartbeat_timeout, concurrency_key, concurrency_limit,
                                   rate_limit, rate_period, tags, metadata, input, rerun_of, changed_by, source, reason)
            select type, claim_group_of(type), queue, priority, max_attempts, retry_policy, timeout,
                heartbeat_timeout, concurrency_key, concurrency_limit,
                   rate_limit, rate_period, tags, metadata, input, id, :by, :via, :reason
            from operation
            """;
    private static final String RERUN = DO_OVER + """
            where id = :id
            returning *, now() as read_at
            """;

    /// Submits a new operation with the same task, input and options, linked to this one. Empty: there is no such
    /// operation.
    public Optional<Operation> rerun(OperationId id, @Nullable String reason, Caller caller) {
        return changed(RERUN, id, reason, caller);
    }

    private Optional<Operation> changed(String statement, OperationId id, @Nullable String reason, Caller caller) {
        return jdbc.sql(statement).param("id", id.value()).param("by", caller.name()).param("via", caller.source())
                .param("reason", reason).query(rows).optional();
    }

    private JdbcClient.StatementSpec bound(JdbcClient.StatementSpec statement, Submission submission, Caller caller) {
        var limits = submission.limits();
        var concurrency = submission.concurrency();
        var rate = concurrency == null ? null : concurrency.rate();
        return statement.param("type", submission.type()).param("queue", submission.queue())
                .param("priority", submission.priority())
                .param("runAt", utc(submission.runAt())).param("maxAttempts", limits.maxAttempts())
                .param("retry", text(RetryPolicies.write(limits.retry()))).param("timeout", text(limits.timeout()))
                .param("heartbeat", text(limits.heartbeatTimeout())).param("startBy", utc(limits.startBy()))
                        .param("deadline", utc(limits.deadline()))
                .param("concurrencyKey", concurrency == null ? null : concurrency.key())
                        .param("concurrencyLimit", concurrency == null ? null : concurrency.limit())
                .param("rateStarts", rate == null ? null : rate.starts())
                        .param("ratePer", rate == null ? null : rate.per().toString())
                .param("tags", BulkInsert.tags(submission.labels()))
                        .param("metadata", json.writeValueAsString(submission.labels().metadata()))
                .param("traceParent", submission.traceParent())
                        .param("input", json.writeValueAsString(submission.input()))
                .param("by", caller.name()).param("via", caller.source());
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }
}
