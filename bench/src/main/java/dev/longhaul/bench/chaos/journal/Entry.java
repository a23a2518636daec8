package dev.longhaul.bench.chaos.journal;

import java.util.List;

/// Something that a client was told. Times are milliseconds since 1970; client and database share one clock.
public sealed interface Entry {

    /// A submission under an idempotency key was answered with this id. An item of a batch has `key#item`.
    record Acknowledged(String key, String id) implements Entry {}

    /// A cancel was answered with success.
    ///
    /// @param isOver true: the operation had ended already
    record Cancelled(String id, boolean isOver) implements Entry {}

    record Retried(String id) implements Entry {}

    /// @param approved the answer
    record Answered(String id, boolean approved) implements Entry {}

    /// A remote worker claimed a run.
    ///
    /// @param asked when it asked
    /// @param steps names of the finished steps that came with the claim
    record Claimed(String id, String runId, long asked, List<String> steps) implements Entry {}

    /// A step of a remote worker was answered with success.
    ///
    /// @param at when the answer was there
    record StepStored(String id, String runId, String name, String result, long at) implements Entry {}

    /// An end of a remote worker was answered with success.
    ///
    /// @param end `complete`, `fail` or `release`
    record RunEnded(String id, String runId, String end) implements Entry {}

    record ScheduleCreated(String name) implements Entry {}

    /// An event of a stream.
    ///
    /// @param path   of the stream
    /// @param stream the number of the connection, from 1
    /// @param opened when the connection was open
    /// @param name   `snapshot`, `state`, `progress`, `done`, `error` or `reset`
    /// @param id     the event's id; empty: none
    /// @param seq    of the history entry; 0: the event is none
    record Told(String subscriber, String path, int stream, long opened, String name, String id, String operation,
            int seq, String event, String status, int attempt, double progress, long version) implements Entry {}

    /// A subscriber will read no more.
    ///
    /// @param reason `end`: of the stream; `closed`: by this program; else what refused it
    record Left(String subscriber, String path, String reason) implements Entry {}

    /// An answer that no fault explains: 500, or a refusal of a good request.
    record Unexpected(String request, int status, String body) implements Entry {}

    /// A node that did what no fault explains, e.g. it ended by itself.
    record NodeFault(String node, String text) implements Entry {}
}
