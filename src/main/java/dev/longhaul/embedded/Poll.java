package dev.longhaul.embedded;

/// The turn of a loop that waits for a process that is not our child, so nobody tells us of its end.
final class Poll {

    private Poll() {}

    static void ofMillis(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for PostgreSQL", interrupted);
        }
    }
}
