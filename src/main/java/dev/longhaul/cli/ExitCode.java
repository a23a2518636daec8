package dev.longhaul.cli;

/// Exit codes of commands. `longhaul --help` explains them.
final class ExitCode {

    static final int DONE = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int CANCELLED = 3;
    static final int UNREACHABLE = 4;
    static final int TOO_LONG = 5;
    static final int NOT_SO = 6;
    static final int INTERRUPTED = 130;

    private ExitCode() {
    }

    /// @param status of an operation that has ended
    static int of(String status) {
        return switch (status) {
            case "failed" -> FAILED;
            case "cancelled" -> CANCELLED;
            default -> DONE;
        };
    }
}
