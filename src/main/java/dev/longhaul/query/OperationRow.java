package dev.longhaul.query;

import dev.longhaul.operation.Labels;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import dev.longhaul.operation.WaitReason;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.Formula;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// The columns of `operation` that a list shows.
@Entity
@Immutable
@Table(name = "operation")
class OperationRow {

    @Id
    private UUID id;

    @Column(nullable = false)
    private String type;

    @Column(nullable = false)
    private String queue;

    private short priority;

    @Column(nullable = false)
    private String status;

    private boolean paused;

    @Column(name = "waits_for")
    private @Nullable String waitsFor;

    @Column(nullable = false, precision = 5, scale = 2)
    private BigDecimal progress;

    private @Nullable String message;

    @Column(nullable = false)
    private String[] tags;

    @Formula("cast(metadata as text)")
    private String metadata;

    private int attempt;

    @Column(name = "max_attempts")
    private int maxAttempts;

    private long version;

    @Column(name = "parent_id")
    private @Nullable UUID parentId;

    @Column(name = "created_at", nullable = false)
    private Instant createdAt;

    @Column(name = "run_at", nullable = false)
    private Instant runAt;

    @Column(name = "started_at")
    private @Nullable Instant startedAt;

    @Column(name = "updated_at", nullable = false)
    private Instant updatedAt;

    @Column(name = "finished_at")
    private @Nullable Instant finishedAt;

    @Column(name = "cancel_requested_at")
    private @Nullable Instant cancelRequestedAt;

    @Formula("error ->> 'message'")
    private @Nullable String error;

    @Formula("now()")
    private Instant readAt;

    @SuppressWarnings("NullAway.Init")
    protected OperationRow() {
    }

    /// The database orders UUIDs by their bytes; the text of a UUIDv7 has the same order.
    String id() {
        return id.toString();
    }

    UUID key() {
        return id;
    }

    ListedOperation listed(JsonMapper json) {
        var labels = tags.length == 0 && metadata.equals("{}")
                ? Labels.NONE : new Labels(List.of(tags), json.readTree(metadata));
        return new ListedOperation(new OperationId(id), type, queue, priority, Status.parse(status), paused, waitsFor
                == null ? null : WaitReason.parse(waitsFor),
                progress.doubleValue(), message, labels, attempt, maxAttempts, version, parentId == null
                ? null : new OperationId(parentId), createdAt, runAt,
                startedAt, updatedAt, finishedAt, cancelRequestedAt, error, readAt);
    }
}
