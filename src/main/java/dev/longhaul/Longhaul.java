package dev.longhaul;

import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Submission;
import dev.longhaul.schedule.ScheduleSpec;
import dev.longhaul.workflow.WorkflowGraph;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Starts and follows operations from an application that has Longhaul as a library. See docs/getting-started.md.
///
/// In a transaction of the application's DataSource, a submission belongs to that transaction: it is committed with the
/// application's rows, or rolled back with them. Outside of one it is committed when the method returns.
public interface Longhaul {

    /// Submits an operation.
    ///
    /// @param type  of a task, e.g. `invoice.send`
    /// @param input a record, a map, or anything else that Jackson writes as the task's input
    /// @throws IllegalArgumentException if no task has the type, or the input does not fit it
    OperationId submit(String type, Object input);

    /// Submits an operation with options, e.g. `submission("invoice.send", input).withQueue("mail")`.
    OperationId submit(Submission submission);

    /// Submits all or none.
    ///
    /// @return ids in the order of the submissions
    List<OperationId> submitAll(List<Submission> submissions);

    /// A submission to which options can be added.
    Submission submission(String type, Object input);

    /// The operation as it is now. Empty: there is none.
    Optional<Operation> get(OperationId id);

    /// Waits until the operation has ended. It reads no transaction that is not committed.
    ///
    /// @return the operation after its end. Empty: it did not end within the timeout
    Optional<Operation> await(OperationId id, Duration timeout) throws InterruptedException;

    /// The operation as it is now, and after each change until its end. The stream waits for the next change; close it
    /// to stop earlier.
    Stream<Operation> watch(OperationId id);

    /// The output of a completed operation.
    ///
    /// @throws IllegalStateException if it is not completed
    <T> @Nullable T output(Operation operation, Class<T> type);

    /// Cancels an operation. A running task is asked to stop.
    ///
    /// @return the operation after the request. Empty: there is none
    Optional<Operation> cancel(OperationId id, @Nullable String reason);

    /// Creates the schedule, or changes the one of this name.
    void schedule(ScheduleSpec schedule);

    /// Starts a workflow.
    OperationId workflow(WorkflowGraph graph);
}
