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
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Writes man pages from the commands' own descriptions, so that they cannot differ from them.
@CommandLine.Command(name = "man",
        description = {"Print the manual of a command as a man page, or write those of all into a folder:",
        "  longhaul man schedules create | man -l -",
        "  longhaul man --into ~/.local/share/man/man1"})
class ManualPages implements Callable<Integer> {

    @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "Which; default: longhaul itself.")
    private List<String> command = List.of();

    @Option(names = "--into", paramLabel = "FOLDER", description = "Write a page for every command.")
    private @Nullable Path folder;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "This help.")
    private boolean help;

    @Override
    public Integer call() throws IOException {
        var root = LonghaulCommand.everything();
        if (folder != null) {
            Files.createDirectories(folder);
            write(root, folder);
            return ExitCode.DONE;
        }
        var wanted = root;
        for (var name : command) {
            wanted = wanted.getSubcommands().get(name);
            if (wanted == null) {
                throw new CliError(ExitCode.USAGE, "there is no command " + String.join(" ", command));
            }
        }
        System.out.print(page(wanted.getCommandSpec()));
        return ExitCode.DONE;
    }

    private static void write(CommandLine line, Path folder) throws IOException {
        Files.writeString(folder.resolve(line.getCommandSpec().qualifiedName("-") + ".1"), page(line.getCommandSpec()));
        for (var one : new LinkedHashSet<>(line.getSubcommands().values())) {   // an alias is the same command
            write(one, folder);
        }
    }

    static String page(CommandSpec spec) {
        var name = spec.qualifiedName("-");
        var about = spec.usageMessage().description();
        var page = new StringBuilder(".TH %s 1 \"\" \"longhaul %s\" \"Longhaul\"\n"
                .formatted(quoted(name.toUpperCase(Locale.ROOT)), VersionCommand.own()));
        page.append(".SH NAME\n").append(plain(name)).append(" \\- ").append(plain(about.length == 0 ? name : about[0]))
                .append('\n');
        page.append(".SH SYNOPSIS\n.B ").append(plain(spec.qualifiedName())).append('\n').append(plain(synopsis(spec)))
                .append('\n');
        page.append(".SH DESCRIPTION\n");
        for (var line : about) {
            page.append(line.startsWith("  ") ? ".nf\n" + plain(line) + "\n.fi\n" : plain(line) + "\n.br\n");
        }
        section(page, "ARGUMENTS", spec.positionalParameters());
        section(page, "OPTIONS", spec.options());
        if (!spec.subcommands().isEmpty()) {
            page.append(".SH COMMANDS\n");
            new LinkedHashSet<>(spec.subcommands().values())
                    .forEach(line -> entry(page, String.join(", ", line.getCommandSpec().names()),
                    line.getCommandSpec().usageMessage().description()));
        }
        page.append(".SH EXIT STATUS\n");
        LonghaulCommand.EXITS.forEach((code, meaning) -> entry(page, code, meaning));
        return page.toString();
    }

    private static String synopsis(CommandSpec spec) {
        var parameters = spec.positionalParameters().stream().map(one -> one.required() ? one.paramLabel() : "["
                + one.paramLabel() + (one.arity().isVariable() ? "..." : "") + "]").toList();
        return "[OPTIONS] " + (spec.subcommands().isEmpty() ? "" : spec.parent() == null ? "COMMAND " : "[COMMAND] ")
                + String.join(" ", parameters);
    }

    private static void section(StringBuilder page, String title, List<? extends ArgSpec> arguments) {
        if (!arguments.isEmpty()) {
            page.append(".SH ").append(title).append('\n');
            arguments.forEach(argument -> entry(page, argument instanceof OptionSpec option
                    ? String.join(", ", option.names()) + (option.arity().max() > 0 ? " " + option.paramLabel() : "")
                    : argument.paramLabel(), argument.description()));
        }
    }

    private static void entry(StringBuilder page, String name, String... about) {
        page.append(".TP\n.B ").append(plain(name)).append('\n').append(plain(String.join(" ", about))).append('\n');
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }

    /// A point or a quote at the beginning of a line would be a command, and a bare hyphen a dash.
    private static String plain(String text) {
        var escaped = text.replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
