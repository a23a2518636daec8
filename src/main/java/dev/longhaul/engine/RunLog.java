package dev.longhaul.engine;

import dev.longhaul.operation.LogLine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The lines that a run's task has logged and the database has not heard yet. They go with the node's other news; a
/// task that logs faster than that waits for it, so that memory stays bounded and no line is lost.
final class RunLog {

    private static final int MOST_PENDING = 1_000;

    private final int most;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final List<LogLine> pending = new ArrayList<>();
    private int added;
    private boolean closed;

    /// @param most how many lines of one run are kept
    RunLog(int most) {
        this.most = most;
    }

    void add(LogLine line) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (pending.size() >= MOST_PENDING && added < most && !closed) {
                room.await();
            }
            if (added < most && !closed) {
                pending.add(++added < most ? line
                        : new LogLine(line.at(), LogLine.Level.WARN, "the log is full with " + most
                        + " lines; what was logged from here on is not kept"));
            }
        } finally {
            lock.unlock();
        }
    }

    /// They stay here until [#carried] says that they are safe.
    List<LogLine> pending() {
        lock.lock();
        try {
            return List.copyOf(pending);
        } finally {
            lock.unlock();
        }
    }

    void carried(int lines) {
        lock.lock();
        try {
            pending.subList(0, lines).clear();
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Nobody takes lines of this run any more.
    void close() {
        lock.lock();
        try {
            closed = true;
            pending.clear();
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
