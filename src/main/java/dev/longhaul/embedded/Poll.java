package dev.longhaul.embedded;

/// Pause of a polling loop: the end of a process that is not a child is not announced.
final class Poll {

    private Poll() {}

    static void sleepMillis(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for PostgreSQL", interrupted);
        }
    }
}
