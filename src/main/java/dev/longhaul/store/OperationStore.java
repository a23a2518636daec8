package dev.longhaul.store;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Submission;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// What callers ask for: submit, find, cancel, run again. Each method is one statement and one commit.
@Repository
public class OperationStore {

    private final JdbcClient jdbc;
    private final OperationRows rows;
    private final JsonMapper json;

    OperationStore(JdbcClient jdbc, OperationRows rows, JsonMapper json) {
        this.jdbc = jdbc;
        this.rows = rows;
        this.json = json;
    }

    /// Once this returns, the operation is committed and will reach a final state or stay visible.
    ///
    /// @throws IdempotencyConflict if the key was used for another request
    public Submitted submit(Submission submission, Caller caller) {
        return submission.idempotencyKey() == null
                ? new Submitted(insert(submission, caller), false)
                : submitOnce(submission, submission.idempotencyKey(), caller);
    }

    /// @param replayed true: an earlier request with the same idempotency key made it
    public record Submitted(Operation operation, boolean replayed) {}

    private static final String INSERT = """
            insert into operation (type, queue, priority, run_at, max_attempts, timeout, input, changed_by, changed_via)
            values (:type, :queue, :priority, coalesce(:runAt::timestamptz, now()), :maxAttempts, :timeout::interval, :input::jsonb, :by, :via)
            returning *, now() as read_at
            """;

    private Operation insert(Submission submission, Caller caller) {
        return asked(jdbc.sql(INSERT), submission, caller).query(rows).single();
    }

    private static final String INSERT_ALL = """
            insert into operation (type, queue, priority, run_at, max_attempts, timeout, input, changed_by, changed_via)
            select s.type, s.queue, s.priority, coalesce(s.run_at, now()), s.max_attempts, s.timeout, s.input, :by, :via
            from unnest(:types::text[], :queues::text[], :priorities::smallint[], :runAts::timestamptz[], :maxAttempts::int[],
                        :timeouts::interval[], :inputs::jsonb[])
                with ordinality as s (type, queue, priority, run_at, max_attempts, timeout, input, place)
            order by s.place
            returning id
            """;

    /// All or none, in one statement and one commit.
    ///
    /// @param submissions none with an idempotency key
    /// @return their ids, in the same order
    public List<OperationId> submitAll(List<Submission> submissions, Caller caller) {
        if (submissions.stream().anyMatch(submission -> submission.idempotencyKey() != null)) {
            throw new IllegalArgumentException("operations submitted together cannot have idempotency keys of their own");
        }
        return jdbc.sql(INSERT_ALL)
                .param("types", column(submissions, Submission::type))
                .param("queues", column(submissions, Submission::queue))
                .param("priorities", column(submissions, submission -> submission.priority()))
                .param("runAts", column(submissions, Submission::runAt))
                .param("maxAttempts", column(submissions, submission -> submission.maxAttempts()))
                .param("timeouts", column(submissions, Submission::timeout))
                .param("inputs", column(submissions, submission -> json.writeValueAsString(submission.input())))
                .param("by", caller.name()).param("via", caller.via())
                .query(UUID.class).list().stream().map(OperationId::new).toList();
    }

    private static @Nullable String[] column(List<Submission> submissions, Function<Submission, @Nullable Object> value) {
        return submissions.stream().map(value).map(one -> one == null ? null : one.toString()).toArray(String[]::new);
    }

    // A request in flight with the same key makes the insert of the key wait for its commit.
    private static final String INSERT_ONCE = """
            with taken as (
                insert into idempotency_key (key, operation_id, request_hash) values (:key, operation_id(), :hash)
                on conflict (key) do nothing
                returning operation_id)
            insert into operation (id, type, queue, priority, run_at, max_attempts, timeout, input, changed_by, changed_via)
            select operation_id, :type, :queue, :priority, coalesce(:runAt::timestamptz, now()), :maxAttempts, :timeout::interval, :input::jsonb, :by, :via
            from taken
            returning *, now() as read_at
            """;

    private Submitted submitOnce(Submission submission, String key, Caller caller) {
        var hash = hash(submission);
        return asked(jdbc.sql(INSERT_ONCE), submission, caller).param("key", key).param("hash", hash)
                .query(rows).optional()
                .map(operation -> new Submitted(operation, false))
                .orElseGet(() -> new Submitted(earlier(key, hash), true));
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
        return jdbc.sql(FIND).param("id", id.value()).query(rows).optional();
    }

    private static final String CANCEL = """
            update operation set
                status = case when status = 'running' then status else 'cancelled' end,
                finished_at = case when status = 'running' then null else now() end,
                parked = false,
                cancel_requested_at = now(),
                version = version + 1, history_seq = history_seq + 1, updated_at = now(),
                changed_by = :by, changed_via = :via, reason = :reason
            where id = :id and status in ('pending', 'waiting', 'running') and cancel_requested_at is null
            returning *, now() as read_at
            """;

    /// What has not started is cancelled at once. A running task is asked to stop and answers in its own time.
    /// Asking again, or too late, changes nothing. Empty: there is no such operation.
    public Optional<Operation> cancel(OperationId id, @Nullable String reason, Caller caller) {
        return jdbc.sql(CANCEL).param("id", id.value()).param("by", caller.name()).param("via", caller.via()).param("reason", reason)
                .query(rows).optional()
                .or(() -> find(id));
    }

    private static final String RUN_AGAIN = """
            update operation set
                status = 'pending', parked = false, run_at = now(), finished_at = null, cancel_requested_at = null,
                failures = 0, losses = 0, resume = false,
                version = version + 1, history_seq = history_seq + 1, updated_at = now(),
                changed_by = :by, changed_via = :via, reason = :reason
            where id = :id and status in ('failed', 'cancelled')
            returning *, now() as read_at
            """;

    /// A failed or cancelled operation gets its next attempt, with all its attempts and checkpoints before.
    /// Empty: there is no such operation, or it is not over, or it is completed.
    public Optional<Operation> runAgain(OperationId id, @Nullable String reason, Caller caller) {
        return jdbc.sql(RUN_AGAIN).param("id", id.value()).param("by", caller.name()).param("via", caller.via()).param("reason", reason)
                .query(rows).optional();
    }

    private JdbcClient.StatementSpec asked(JdbcClient.StatementSpec statement, Submission submission, Caller caller) {
        return statement.param("type", submission.type()).param("queue", submission.queue()).param("priority", submission.priority())
                .param("runAt", utc(submission.runAt())).param("maxAttempts", submission.maxAttempts())
                .param("timeout", submission.timeout() == null ? null : submission.timeout().toString())
                .param("input", json.writeValueAsString(submission.input()))
                .param("by", caller.name()).param("via", caller.via());
    }

    private static @Nullable OffsetDateTime utc(@Nullable Instant instant) {
        return instant == null ? null : instant.atOffset(ZoneOffset.UTC);
    }

    /// The order of members does not matter: {"a":1,"b":2} asks for the same as {"b":2,"a":1}.
    private byte[] hash(Submission submission) {
        var asked = JsonNodeFactory.instance.objectNode().put("type", submission.type()).put("queue", submission.queue());
        asked.set("input", sorted(submission.input()));
        try {
            return MessageDigest.getInstance("SHA-256").digest(json.writeValueAsString(asked).getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static JsonNode sorted(JsonNode node) {
        if (node.isObject()) {
            var object = JsonNodeFactory.instance.objectNode();
            node.propertyNames().stream().sorted().forEach(name -> object.set(name, sorted(node.get(name))));
            return object;
        }
        if (node.isArray()) {
            var array = JsonNodeFactory.instance.arrayNode();
            node.forEach(element -> array.add(sorted(element)));
            return array;
        }
        return node;
    }
}
