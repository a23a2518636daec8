package dev.longhaul.cli;

/// Whether stdout is a terminal. The launcher passes the result of `test -t`: asking the JVM takes 60 ms.
final class TerminalCheck {

    private TerminalCheck() {
    }

    static boolean isTerminal() {
        var told = System.getProperty("longhaul.terminal");
        return told == null ? System.console() != null && System.console().isTerminal() : told.equals("true");
    }

    /// NO_COLOR and CLICOLOR_FORCE as specified by no-color.org and bixense.com/clicolors.
    static boolean hasColor() {
        var no = System.getenv("NO_COLOR");
        var force = System.getenv("CLICOLOR_FORCE");
        if (no != null && !no.isEmpty()) {
            return false;
        }
        return force != null && !force.isEmpty() && !force.equals("0") || isTerminal();
    }
}
