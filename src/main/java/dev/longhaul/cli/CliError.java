package dev.longhaul.cli;

/// A failure of a command: a sentence for people and an exit code for programs.
class CliError extends RuntimeException {

    private final int exit;

    CliError(int exit, String message) {
        super(message);
        this.exit = exit;
    }

    int exit() {
        return exit;
    }

    static CliError unreachable(String url, Throwable cause) {
        var why = cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
        var error = new CliError(ExitCode.UNREACHABLE, "cannot reach " + url + ": " + why
                + "; is it running, and is --url right?");
        error.initCause(cause);
        return error;
    }
}
