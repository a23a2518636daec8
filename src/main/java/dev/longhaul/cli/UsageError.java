package dev.longhaul.cli;

import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Answers wrong usage in two lines. Picocli prints the whole help, and suggests any command that shares a few letters.
final class UsageError implements CommandLine.IParameterExceptionHandler {

    @Override
    public int handleParseException(ParameterException wrong, String[] args) {
        var line = wrong.getCommandLine();
        line.getErr().println("longhaul: " + message(wrong, line));
        line.getErr().println("Try: " + line.getCommandSpec().qualifiedName() + " --help");
        return ExitCode.USAGE;
    }

    private static String message(ParameterException wrong, CommandLine line) {
        if (!(wrong instanceof UnmatchedArgumentException unmatched) || unmatched.getUnmatched().isEmpty()) {
            return wrong.getMessage();
        }
        var given = unmatched.getUnmatched().getFirst();
        var kind = given.startsWith("-") ? "option" : line.getSubcommands().isEmpty() ? "argument" : "command";
        var similar = unmatched.getSuggestions().stream()
                .filter(name -> name.startsWith(given.substring(0, Math.min(2, given.length())))
                || given.startsWith(name)).collect(Collectors.joining(" or "));
        return "unknown " + kind + " '" + given + "'" + (similar.isEmpty() ? "" : "; did you mean " + similar + "?");
    }
}
