package dev.longhaul.engine;

import dev.longhaul.operation.LogLine;
import java.util.ArrayList;
import java.util.List;

/// The log lines of a run that are not in the database yet. The next report or end carries them. A task that logs
/// faster than the writer writes waits, so that memory stays bounded and no line is lost.
final class RunLog {

    private static final int MAX_PENDING = 1_000;

    private final int max;
    private final List<LogLine> pending = new ArrayList<>();
    private int added;
    private boolean closed;

    /// @param max how many lines of one run are kept
    RunLog(int max) {
        this.max = max;
    }

    synchronized void add(LogLine line) throws InterruptedException {
        while (pending.size() >= MAX_PENDING && added < max && !closed) {
            wait();
        }
        if (added < max && !closed) {
            pending.add(++added < max ? line
                    : new LogLine(line.at(), LogLine.Level.WARN, "the log is full with " + max
                    + " lines; what was logged from here on is not kept"));
        }
    }

    /// They stay here until [#written] removes them.
    synchronized List<LogLine> pending() {
        return List.copyOf(pending);
    }

    synchronized void written(int lines) {
        pending.subList(0, lines).clear();
        notifyAll();
    }

    /// The run lost its lease: its lines are void.
    synchronized void close() {
        closed = true;
        pending.clear();
        notifyAll();
    }
}
