package dev.longhaul.engine;

import dev.longhaul.operation.LogLine;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// The log lines of a run that are not in the database yet. The next report or end carries them. A task that logs
/// faster than the writer writes waits, so that memory stays bounded and no line is lost.
final class RunLog {

    private static final int MAX_PENDING = 1_000;

    private final int max;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final List<LogLine> pending = new ArrayList<>();
    private int added;
    private boolean closed;

    /// @param max how many lines of one run are kept
    RunLog(int max) {
        this.max = max;
    }

    void add(LogLine line) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (pending.size() >= MAX_PENDING && added < max && !closed) {
                room.await();
            }
            if (added < max && !closed) {
                pending.add(++added < max ? line
                        : new LogLine(line.at(), LogLine.Level.WARN, "the log is full with " + max
                        + " lines; what was logged from here on is not kept"));
            }
        } finally {
            lock.unlock();
        }
    }

    /// They stay here until [#written] removes them.
    List<LogLine> pending() {
        lock.lock();
        try {
            return List.copyOf(pending);
        } finally {
            lock.unlock();
        }
    }

    void written(int lines) {
        lock.lock();
        try {
            pending.subList(0, lines).clear();
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The run lost its lease: its lines are void.
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
