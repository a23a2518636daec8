package dev.longhaul.store;

import dev.longhaul.operation.Caller;
import dev.longhaul.operation.Concurrency;
import dev.longhaul.operation.Labels;
import dev.longhaul.operation.Limits;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Submission;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Submits many operations in one statement and one commit, all or none.
@Component
class Together {

    private final JdbcClient jdbc;
    private final JsonMapper json;

    Together(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    private static final String INSERT_ALL = """
            insert into operation (type, lane, queue, priority, run_at, max_attempts, retry_policy, timeout, heartbeat_timeout, start_by, deadline,
                                   concurrency_key, concurrency_limit, rate_starts, rate_per, tags, metadata, trace_parent,
                                   input, parent_id, changed_by, changed_via)
            select s.type, coalesce(remote.type, ''), s.queue, s.priority, coalesce(s.run_at, now()), s.max_attempts, s.retry, s.timeout, s.heartbeat, s.start_by, s.deadline,
                   s.key, s.key_limit, s.rate_starts, s.rate_per, s.tags::text[], s.metadata, s.trace_parent, s.input, :parent::uuid, :by, :via
            from unnest(:types::text[], :queues::text[], :priorities::smallint[], :runAts::timestamptz[], :maxAttempts::int[], :retries::jsonb[],
                        :timeouts::interval[], :heartbeats::interval[], :startBys::timestamptz[], :deadlines::timestamptz[], :keys::text[],
                        :keyLimits::int[], :rateStarts::int[], :ratePers::interval[], :tags::text[], :metadatas::jsonb[], :traceParents::text[], :inputs::jsonb[])
                with ordinality as s (type, queue, priority, run_at, max_attempts, retry, timeout, heartbeat, start_by, deadline, key, key_limit,
                                      rate_starts, rate_per, tags, metadata, trace_parent, input, place)
            left join remote_type remote on remote.type = s.type
            order by s.place
            returning id
            """;

    /// @param parent whose children they are; null: nobody's
    List<OperationId> submit(List<Submission> submissions, @Nullable OperationId parent, Caller caller) {
        if (submissions.stream().anyMatch(submission -> submission.idempotencyKey() != null || submission.mayYield())) {
            throw new IllegalArgumentException("operations submitted together cannot have idempotency keys of their own, nor skip or replace others");
        }
        return jdbc.sql(INSERT_ALL)
                .param("types", column(submissions, Submission::type))
                .param("queues", column(submissions, Submission::queue))
                .param("priorities", column(submissions, Submission::priority))
                .param("runAts", column(submissions, Submission::runAt))
                .param("maxAttempts", limits(submissions, Limits::maxAttempts))
                .param("retries", limits(submissions, limits -> RetryPolicies.write(limits.retry())))
                .param("timeouts", limits(submissions, Limits::timeout))
                .param("heartbeats", limits(submissions, Limits::heartbeatTimeout))
                .param("startBys", limits(submissions, Limits::startBy))
                .param("deadlines", limits(submissions, Limits::deadline))
                .param("keys", concurrency(submissions, Concurrency::key))
                .param("keyLimits", concurrency(submissions, Concurrency::limit))
                .param("rateStarts", concurrency(submissions, concurrency -> concurrency.rate() == null ? null : concurrency.rate().starts()))
                .param("ratePers", concurrency(submissions, concurrency -> concurrency.rate() == null ? null : concurrency.rate().per()))
                .param("tags", column(submissions, submission -> tags(submission.labels())))
                .param("metadatas", column(submissions, submission -> json.writeValueAsString(submission.labels().metadata())))
                .param("traceParents", column(submissions, Submission::traceParent))
                .param("inputs", column(submissions, submission -> json.writeValueAsString(submission.input())))
                .param("parent", parent == null ? null : parent.value())
                .param("by", caller.name()).param("via", caller.via())
                .query(UUID.class).list().stream().map(OperationId::new).toList();
    }

    private static @Nullable String[] limits(List<Submission> submissions, Function<Limits, @Nullable Object> value) {
        return column(submissions, submission -> value.apply(submission.limits()));
    }

    private static @Nullable String[] concurrency(List<Submission> submissions, Function<Concurrency, @Nullable Object> value) {
        return column(submissions, submission -> submission.concurrency() == null ? null : value.apply(submission.concurrency()));
    }

    private static @Nullable String[] column(List<Submission> submissions, Function<Submission, @Nullable Object> value) {
        return submissions.stream().map(value).map(one -> one == null ? null : one.toString()).toArray(String[]::new);
    }

    /// As PostgreSQL writes an array.
    static String tags(Labels labels) {
        return labels.tags().stream().map(tag -> '"' + tag.replace("\\", "\\\\").replace("\"", "\\\"") + '"').collect(Collectors.joining(",", "{", "}"));
    }
}
