package dev.longhaul.cli;

/// Why a command ends without what was asked of it: a sentence for people, and an exit code for programs.
class CliError extends RuntimeException {

    private final int exit;

    CliError(int exit, String message) {
        super(message);
        this.exit = exit;
    }

    int exit() {
        return exit;
    }

    /// The service does not answer.
    static CliError unreachable(String url, Throwable cause) {
        var why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        var trouble = new CliError(ExitCode.UNREACHABLE, "cannot reach " + url + ": " + why
                + "; is it running, and is --url right?");
        trouble.initCause(cause);
        return trouble;
    }
}
