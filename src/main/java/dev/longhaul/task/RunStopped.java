package dev.longhaul.task;

/// Ends a run from within: it was cancelled, ran out of time, sleeps, is drained, or lost its lease. An error and not
/// an exception, so that a task's `catch (Exception e)` does not swallow it.
public class RunStopped extends Error {

    public RunStopped(String why) {
        super(why, null, false, false);
    }
}
