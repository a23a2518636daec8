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

/// What a task may do while it runs. Every method also notices a cancel request, a pause, a timeout, a drain and a lost
/// lease, and then ends the run by throwing [RunStopped]; a task that catches it must throw it on.
public interface TaskContext {

    OperationId operationId();

    /// The type under which the operation was submitted.
    String type();

    /// 1 for the first attempt.
    int attempt();

    /// Tells how far the work is; cheap enough for a tight loop, since only the newest report is written, every few
    /// milliseconds. Progress never falls within an attempt: a lower report keeps the percent and changes the message.
    ///
    /// @param current 0 to `total`
    void report(long current, long total, String message);

    /// @param percent 0 to 100
    void report(double percent, String message);

    /// Writes a line to the operation's log, for people who look at how it went. Kept with the operation, bounded
    /// (10,000 lines unless set otherwise, 4,000 characters each), and searchable by attempt, level and text.
    void log(LogLine.Level level, String message);

    /// A line of level info.
    default void log(String message) {
        log(LogLine.Level.INFO, message);
    }

    /// A checkpoint. Runs `body` once and stores its result before it returns; a later attempt gets the stored result
    /// instead. If the process dies between the end of `body` and the commit, `body` runs again: make its effects
    /// repeatable, or use [#transaction].
    ///
    /// @param name   the same in every attempt, unique within the operation, at most 200 characters, e.g. `page-17`
    /// @param result what to read a stored result as
    <T> @Nullable T step(String name, Class<T> result, Callable<? extends @Nullable T> body) throws Exception;

    /// A checkpoint that does not wait for its commit, for many small ones: its result is written with the node's next
    /// write, a few milliseconds later, together with those of the steps before it. If the process dies until then, the
    /// last few run again, as the body of a [#step] may; the order is kept.
    <T> @Nullable T quickStep(String name, Class<T> result, Callable<? extends @Nullable T> body) throws Exception;

    /// A checkpoint without a result.
    default void step(String name, Body body) throws Exception {
        step(name, Void.class, () -> {
            body.run();
            return null;
        });
    }

    /// What a step does.
    interface Body {
        void run() throws Exception;
    }

    /// A checkpoint whose work is written to Longhaul's own database in the same transaction: exactly once.
    <T> @Nullable T transaction(String name, Class<T> result, TransactionalWork<? extends @Nullable T> work)
            throws Exception;

    /// Waits, and counts the time only once however often the process is restarted meanwhile. A long sleep holds no
    /// thread: the run ends, the operation waits, and `run` begins anew afterwards (so put what came before into
    /// steps).
    void sleep(Duration duration) throws InterruptedException;

    /// Starts an operation that belongs to this one: submitted once, however often this runs. If this operation is
    /// cancelled or fails, it has to stop too.
    ///
    /// @param name  as of a [#step]
    /// @param input of the task of that type: a record, or anything else that Jackson writes as it wants it
    default OperationId submit(String name, String type, Object input) throws Exception {
        return submit(name, Submission.of(type, json(input)), 1);
    }

    /// @param weight its share in the progress of this operation, beside those of the other children
    OperationId submit(String name, Submission child, double weight) throws Exception;

    /// Starts many at once, all or none; each has the same share in the progress of this operation.
    List<OperationId> submitAll(String name, List<Submission> children) throws Exception;

    /// What another task's input looks like as JSON.
    JsonNode json(Object input);

    /// Waits until these children are over, however they ended. Holds no thread: the run ends, the operation waits with
    /// the progress of its children as its own, and `run` begins anew afterwards (so put what came before into steps).
    List<Child> await(Collection<OperationId> children);

    /// Waits until all children are over.
    List<Child> await();

    /// Waits until all children are over, and those that they start in their turn, without reading any of them.
    void join();

    /// Asks a person, and waits for the answer without a thread; `run` begins anew afterwards. Asked once, however
    /// often this runs.
    ///
    /// @param name   unique within the operation, at most 200 characters
    /// @param answer a record; its JSON Schema tells what an answer must look like
    /// @throws Unanswered if nobody answered in time, and there is no fallback
    <T> T ask(String name, Class<T> answer, Ask ask) throws InputRequestExpired;

    /// Asks without waiting, so that several questions are open at once; [#ask] with the same name waits for its
    /// answer.
    void pose(String name, Class<?> answer, Ask ask);

    /// True: a person says that it may go on.
    default boolean authorize(String name, Ask ask) throws InputRequestExpired {
        return ask(name, Authorization.class, ask).approved();
    }

    /// One of the question's options.
    default String choose(String name, Ask ask) throws InputRequestExpired {
        return ask(name, Choice.class, ask).choice();
    }

    /// Waits on this thread only, without a checkpoint; wakes at once when the run has to stop.
    void pause(Duration duration) throws InterruptedException;

    /// The message that watchers see with the end, e.g. `Completed 5 steps successfully`.
    void conclude(String message);

    /// Ends the run if it has to stop; for long computations that call nothing else here.
    void check();

    /// How much of the operation's timeout is left to this attempt; empty: it has none.
    Optional<Duration> remaining();
}
