package dev.longhaul.task;

/// Ends a run from within: it was cancelled, timed out, sleeps, is drained, or lost its lease. It is an error, so that
/// a task's `catch (Exception e)` does not swallow it.
public class RunStopped extends Error {

    public RunStopped(String why) {
        super(why, null, false, false);
    }
}
