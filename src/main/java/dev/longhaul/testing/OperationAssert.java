package dev.longhaul.testing;

import dev.longhaul.operation.Operation;
import dev.longhaul.operation.Status;
import java.util.List;
import org.assertj.core.api.AbstractAssert;
import org.assertj.core.api.Assertions;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/// Assertions on an operation, its steps and its history: `tester.assertThat(id).completed().hasStep("charge")`.
public final class OperationAssert extends AbstractAssert<OperationAssert, @Nullable Operation> {

    private final JdbcClient jdbc;

    OperationAssert(@Nullable Operation operation, JdbcClient jdbc) {
        super(operation, OperationAssert.class);
        this.jdbc = jdbc;
    }

    public OperationAssert completed() {
        return hasStatus(Status.COMPLETED);
    }

    public OperationAssert cancelled() {
        return hasStatus(Status.CANCELLED);
    }

    /// @param message part of the error
    public OperationAssert failedWith(String message) {
        hasStatus(Status.FAILED);
        Assertions.assertThat(String.valueOf(operation().error())).as("error of %s", operation().id())
                .contains(message);
        return this;
    }

    public OperationAssert hasStatus(Status status) {
        if (operation().status() != status) {
            failWithMessage("Expected operation %s of type %s to be %s, but it is %s: %s", operation().id(),
                    operation().type(), status, operation().status(), operation().error());
        }
        return this;
    }

    public OperationAssert hasAttempts(int attempts) {
        Assertions.assertThat(operation().attempt()).as("attempts of %s", operation().id()).isEqualTo(attempts);
        return this;
    }

    private static final String STEPS = "select name from operation_step where operation_id = :id";

    /// A finished step of this name.
    public OperationAssert hasStep(String name) {
        Assertions.assertThat(jdbc.sql(STEPS).param("id", operation().id().value()).query(String.class).list())
                .as("finished steps of %s", operation().id()).contains(name);
        return this;
    }

    private static final String STATUSES =
            "select to_status from operation_history where operation_id = :id and event in ('submitted', 'status') "
            + "order by seq";

    /// All statuses that the operation had, from its submission on.
    public OperationAssert hasHistory(Status... statuses) {
        Assertions.assertThat(jdbc.sql(STATUSES).param("id", operation().id().value()).query(String.class).list())
                .as("history of %s", operation().id())
                .isEqualTo(List.of(statuses).stream().map(Status::word).toList());
        return this;
    }

    private Operation operation() {
        if (actual == null) {
            throw new AssertionError("Expected an operation, but there is none with this id");
        }
        return actual;
    }
}
