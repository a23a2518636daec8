package dev.longhaul.cli;

/// Whether a person reads the output on a terminal. The launcher has found out already, by `test -t`: to ask the JVM
/// costs 60 ms.
final class TerminalCheck {

    private TerminalCheck() {
    }

    static boolean isTerminal() {
        var told = System.getProperty("longhaul.terminal");
        return told == null ? System.console() != null && System.console().isTerminal() : told.equals("true");
    }

    /// NO_COLOR and CLICOLOR_FORCE are what most tools heed: no-color.org, bixense.com/clicolors.
    static boolean hasColor() {
        var no = System.getenv("NO_COLOR");
        var force = System.getenv("CLICOLOR_FORCE");
        if (no != null && !no.isEmpty()) {
            return false;
        }
        return force != null && !force.isEmpty() && !force.equals("0") || isTerminal();
    }
}
