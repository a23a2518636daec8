package dev.longhaul.query;

import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.hibernate.annotations.Formula;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

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

    @Column(nullable = false)
    private String status;

    @Column(nullable = false, precision = 5, scale = 2)
    private BigDecimal progress;

    private @Nullable String message;

    private int attempt;

    @Column(name = "max_attempts")
    private int maxAttempts;

    private long version;

    @Column(name = "created_at", nullable = false)
    private Instant createdAt;

    @Column(name = "started_at")
    private @Nullable Instant startedAt;

    @Column(name = "updated_at", nullable = false)
    private Instant updatedAt;

    @Column(name = "finished_at")
    private @Nullable Instant finishedAt;

    @Formula("now()")
    private Instant readAt;

    @SuppressWarnings("NullAway.Init")
    protected OperationRow() {
    }

    ListedOperation listed() {
        return new ListedOperation(new OperationId(id), type, queue, Status.parse(status), progress.doubleValue(), message, attempt, maxAttempts,
                version, createdAt, startedAt, updatedAt, finishedAt, readAt);
    }
}
