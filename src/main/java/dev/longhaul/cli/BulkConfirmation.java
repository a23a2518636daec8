package dev.longhaul.cli;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// What commands do that change many operations: know which, ask first, and let one that refuses keep nobody else from
/// it.
final class BulkConfirmation {

    private BulkConfirmation() {
    }

    static void requireOne(@Nullable List<String> ids, @Nullable String filter) {
        if ((ids == null) == (filter == null)) {
            throw new CliError(ExitCode.USAGE, "expected IDs or --filter, "
                    + (ids == null ? "found neither" : "not both"));
        }
    }

    /// @param verb what would be done to them, e.g. `cancel`
    static void requirePerson(String count, String verb) {
        if (!TerminalCheck.isTerminal() || System.console() == null) {
            throw new CliError(ExitCode.USAGE, count + " operations pass the filter; to " + verb
                    + " them without being asked, say --yes");
        }
    }

    static boolean agreed(String question) {
        return String.valueOf(System.console().readLine("%s [y/N] ", question)).strip().equalsIgnoreCase("y");
    }

    /// @return how the command ends
    static int each(List<String> ids, Consumer<String> change) {
        var exit = ExitCode.DONE;
        for (var id : ids) {
            try {
                change.accept(id);
            } catch (CliError refused) {
                if (ids.size() == 1 || refused.exit() == ExitCode.UNREACHABLE) {
                    throw refused;
                }
                ServiceCommand.say(id + "  " + refused.getMessage());
                exit = refused.exit();
            }
        }
        return exit;
    }
}
