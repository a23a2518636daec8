package dev.longhaul.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Man pages from picocli's help. Picocli's own generator writes AsciiDoc, whose converter puts 41 MB of JRuby into the
/// build; this class is 50 lines.
@CommandLine.Command(name = "man",
        description = {"Print the man page of a command, or write the pages of all commands into a folder:",
            "  longhaul man schedules create | man -l -",
            "  longhaul man --into ~/.local/share/man/man1"})
class ManCommand implements Callable<Integer> {

    @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "The command; default: longhaul itself.")
    private List<String> command = List.of();

    @Option(names = "--into", paramLabel = "FOLDER", description = "Write a page for every command.")
    private @Nullable Path folder;

    @Override
    public Integer call() throws IOException {
        var line = LonghaulCommand.everything();
        if (folder != null) {
            Files.createDirectories(folder);
            write(line, folder);
            return ExitCode.DONE;
        }
        for (var name : command) {
            line = line.getSubcommands().get(name);
            if (line == null) {
                throw new CliError(ExitCode.USAGE, "unknown command '" + String.join(" ", command) + "'");
            }
        }
        System.out.print(page(line));
        return ExitCode.DONE;
    }

    private static void write(CommandLine line, Path folder) throws IOException {
        Files.writeString(folder.resolve(line.getCommandSpec().qualifiedName("-") + ".1"), page(line));
        for (var subcommand : new LinkedHashSet<>(line.getSubcommands().values())) {
            write(subcommand, folder);
        }
    }

    static String page(CommandLine line) {
        var spec = line.getCommandSpec();
        var help = new Help(spec, Help.defaultColorScheme(Help.Ansi.OFF));
        var root = new Help(spec.root(), Help.defaultColorScheme(Help.Ansi.OFF));
        var name = spec.qualifiedName("-");
        return ".TH \"%s\" 1 \"\" \"longhaul %s\" \"Longhaul\"\n"
                .formatted(name.toUpperCase(Locale.ROOT), VersionCommand.version())
                + section("NAME", name + " - " + spec.usageMessage().description()[0])
                + section("SYNOPSIS", help.synopsis(0)) + section("DESCRIPTION", help.description())
                + section("OPTIONS", help.parameterList() + help.optionList())
                + section("COMMANDS", help.commandList()) + section("EXIT STATUS", root.exitCodeList());
    }

    /// A leading point or quote would be a roff request, a bare hyphen a dash.
    private static String section(String title, String text) {
        return text.isBlank() ? "" : ".SH " + title + "\n.nf\n" + text.stripTrailing().replace("\\", "\\e")
                .replace("-", "\\-").replaceAll("(?m)^(?=[.'])", "\\\\&") + "\n.fi\n";
    }
}
