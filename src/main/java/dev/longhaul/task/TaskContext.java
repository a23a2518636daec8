package dev.longhaul.task;

import dev.longhaul.operation.LogLine;
import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Submission;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The calls of a running task. Every method notices a cancel request, a pause, a timeout, a drain and a lost lease. It
/// then ends the run by throwing [RunStopped]; a task that catches it must rethrow it.
public interface TaskContext {

    OperationId operationId();

    /// The type under which the operation was submitted.
    String type();

    /// 1 for the first attempt.
    int attempt();

    /// Reports progress. Cheap enough for a tight loop: every few milliseconds the newest report is written. Progress
    /// never falls within an attempt: a lower report keeps the percent and changes the message.
    ///
    /// @param current 0 to `total`
    void report(long current, long total, String message);

    /// @param percent 0 to 100
    void report(double percent, String message);

    /// Adds a line to the log of the operation: at most 10,000 lines by default, of 4,000 characters each.
    void log(LogLine.Level level, String message);

    /// A line of level info.
    default void log(String message) {
        log(LogLine.Level.INFO, message);
    }

    /// A checkpoint. Runs `body` once and stores its result before it returns; a later attempt gets the stored result.
    /// If the process dies between the end of `body` and the commit, `body` runs again: its effects must be idempotent.
    /// Otherwise use [#transaction].
    ///
    /// @param name   the same in every attempt, unique within the operation, at most 200 characters, e.g. `page-17`
    /// @param result the type of the result
    <T> @Nullable T step(String name, Class<T> result, Callable<? extends @Nullable T> body) throws Exception;

    /// A checkpoint that does not wait for its commit, for many small steps. The node's next batch writes it, a few
    /// milliseconds later, in the order of the steps. If the process dies before, the last few steps run again.
    <T> @Nullable T quickStep(String name, Class<T> result, Callable<? extends @Nullable T> body) throws Exception;

    /// A checkpoint without a result.
    default void step(String name, Body body) throws Exception {
        step(name, Void.class, () -> {
            body.run();
            return null;
        });
    }

    /// The work of a step without a result.
    interface Body {
        void run() throws Exception;
    }

    /// Whether this operation takes the new branch of changed code: `if (context.version("split-by-country")) …`.
    ///
    /// False for an operation whose earlier run, by older code, has passed this place: it has finished a step that
    /// comes later. True for all others, and the operation remembers it in a step `version-…`: it stays on its branch.
    ///
    /// @param change name of the change, the same for ever, unique within the task
    boolean version(String change) throws InterruptedException;

    /// A checkpoint whose work is written to Longhaul's own database in the same transaction: exactly once.
    <T> @Nullable T transaction(String name, Class<T> result, TransactionalWork<? extends @Nullable T> work)
            throws Exception;

    /// Sleeps. The time counts once, also across restarts of the process. A long sleep holds no thread: the run ends,
    /// the operation waits, and `run` begins again afterwards, so earlier work belongs in steps.
    void sleep(Duration duration) throws InterruptedException;

    /// Submits a child, once under this name. If this operation is cancelled or fails, the child stops, too.
    ///
    /// @param name  as of a [#step]
    /// @param input a record, or anything else that Jackson writes as the task's input
    default OperationId submit(String name, String type, Object input) throws Exception {
        return submit(name, Submission.of(type, json(input)), 1);
    }

    /// @param weight the child's share in the progress of this operation, relative to the other children
    OperationId submit(String name, Submission child, double weight) throws Exception;

    /// Submits all children or none; each has the same share in the progress of this operation.
    List<OperationId> submitAll(String name, List<Submission> children) throws Exception;

    /// An input as JSON.
    JsonNode json(Object input);

    /// Waits for the end of these children. It holds no thread: the run ends, the operation waits with the progress of
    /// its children, and `run` begins again afterwards, so earlier work belongs in steps.
    List<Child> await(Collection<OperationId> children);

    /// Waits for the end of all children.
    List<Child> await();

    /// Waits for the end of all children and their children, without reading any of them.
    void join();

    /// Requests input from a person, once under this name. The wait holds no thread, and `run` begins again afterwards.
    ///
    /// @param name   unique within the operation, at most 200 characters
    /// @param answer a record; the answer must fit its JSON Schema
    /// @throws InputRequestExpired if no answer came in time, and there is no fallback
    <T> T ask(String name, Class<T> answer, Ask ask) throws InputRequestExpired;

    /// Requests input without waiting, so that several requests are open at once. [#ask] with the same name waits.
    void pose(String name, Class<?> answer, Ask ask);

    /// True: a person approved.
    default boolean authorize(String name, Ask ask) throws InputRequestExpired {
        return ask(name, Authorization.class, ask).approved();
    }

    /// The option that a person chose.
    default String choose(String name, Ask ask) throws InputRequestExpired {
        return ask(name, Choice.class, ask).choice();
    }

    /// Waits on this thread, without a checkpoint. Ends early when the run must stop.
    void pause(Duration duration) throws InterruptedException;

    /// Sets the last message that subscribers see, e.g. `Completed 5 steps successfully`.
    void conclude(String message);

    /// Ends the run if it must stop, for long computations without other calls here.
    void check();

    /// The rest of the attempt's timeout; empty: no timeout.
    Optional<Duration> remaining();
}
