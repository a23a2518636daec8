package dev.longhaul.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/// The command line: its commands, and how their failures appear to the shell.
@CommandLine.Command(name = "longhaul", versionProvider = VersionCommand.class, synopsisSubcommandLabel = "COMMAND",
        description = "Start, watch and manage long operations.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:Done; of an operation that was waited for: it completed.",
            "1:The operation failed; of doctor: a check failed.",
            "2:Wrong usage, or the service refused the request.",
            "3:The operation was cancelled.",
            "4:The service cannot be reached, or its database is unavailable.",
            "5:The --timeout has passed; the operation continues.",
            "6:Not found, or its status does not allow the change.",
            "130:Ctrl-C; the operation continues."},
        footer = {"", "Each command explains itself with --help. Without a command, or with 'server', longhaul is the "
            + "service: longhaul server --server.port=8081"})
public final class LonghaulCommand implements Runnable {

    private static final Map<String, Class<?>> COMMANDS = commands();
    private static final Set<String> OPTIONS = Set.of("-h", "--help", "-V", "--version");

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Print this help.",
            scope = CommandLine.ScopeType.INHERIT)
    private boolean help;

    @Option(names = {"-V", "--version"}, versionHelp = true, description = "Print the version.")
    private boolean version;

    private static Map<String, Class<?>> commands() {
        var commands = new LinkedHashMap<String, Class<?>>();
        commands.put("run", RunCommand.class);
        commands.put("watch", WatchCommand.class);
        commands.put("ls", OperationsCommand.class);
        commands.put("get", GetCommand.class);
        commands.put("result", ResultCommand.class);
        commands.put("events", EventsCommand.class);
        commands.put("cancel", ChangeCommand.CancelCommand.class);
        commands.put("retry", ChangeCommand.RetryCommand.class);
        commands.put("rerun", ChangeCommand.RerunCommand.class);
        commands.put("pause", ChangeCommand.PauseCommand.class);
        commands.put("resume", ChangeCommand.ResumeCommand.class);
        commands.put("tag", TagCommand.class);
        commands.put("promote", ChangeCommand.PromoteCommand.class);
        commands.put("reschedule", RescheduleCommand.class);
        commands.put("erase", EraseCommand.class);
        commands.put("input", AnswerCommand.class);
        commands.put("logs", LogsCommand.class);
        commands.put("queues", QueuesCommand.class);
        commands.put("workers", WorkersCommand.class);
        commands.put("schedules", SchedulesCommand.class);
        commands.put("webhooks", WebhooksCommand.class);
        commands.put("types", TypesCommand.class);
        commands.put("errors", ErrorsCommand.class);
        commands.put("audit", AuditCommand.class);
        commands.put("stats", StatsCommand.class);
        commands.put("top", TopCommand.class);
        commands.put("doctor", DoctorCommand.class);
        commands.put("migrate", MigrateCommand.class);
        commands.put("mcp", McpCommand.class);
        commands.put("demo", DemoCommand.class);
        commands.put("completion", CompletionCommand.class);
        commands.put("man", ManCommand.class);
        commands.put("version", VersionCommand.class);
        return commands;
    }

    /// Returns true for the arguments of a command, false for settings of the service.
    public static boolean isFor(String... args) {
        return args.length > 0 && (!args[0].startsWith("-") || OPTIONS.contains(args[0]));
    }

    /// @return the exit code
    public static int run(String... args) {
        for (var n = 0; n < args.length; n++) {
            // ids read from a file with Windows line ends
            args[n] = args[n].endsWith("\r") ? args[n].substring(0, args[n].length() - 1) : args[n];
        }
        var isKnown = args.length > 0 && COMMANDS.containsKey(args[0]);
        return (isKnown ? line(Map.of(args[0], COMMANDS.get(args[0]))) : everything()).execute(args);
    }

    /// With all commands, for help and completion. Setting up one command takes 60 ms less.
    static CommandLine everything() {
        return line(COMMANDS);
    }

    private static CommandLine line(Map<String, Class<?>> commands) {
        var line = new CommandLine(new LonghaulCommand());
        for (var command : commands.entrySet()) {
            line.addSubcommand(command.getKey(), new CommandLine(command.getValue()));
        }
        line.registerConverter(Duration.class, new DurationConverter());
        line.registerConverter(Instant.class, new InstantConverter());
        line.setExecutionExceptionHandler(new Failure());
        line.setParameterExceptionHandler(new UsageError());
        line.setExpandAtFiles(false);   // -i @file is an input, not a file of arguments
        line.setUsageHelpAutoWidth(true);
        return line;
    }

    /// A class, since a lambda would be linked at every start: picocli's classes are too old for the class cache.
    private static final class Failure implements CommandLine.IExecutionExceptionHandler {

        @Override
        public int handleExecutionException(Exception thrown, CommandLine at, CommandLine.ParseResult parsed)
                throws Exception {
            if (thrown instanceof CliError error) {
                at.getErr().println("longhaul: " + error.getMessage());
                return error.exit();
            }
            throw thrown;
        }
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(everything(), "expected a command");
    }

    /// `30s`, `10m`, `2h`, `1h30m`, `7d`.
    private static final class DurationConverter implements ITypeConverter<Duration> {

        private static final Pattern DURATION =
                Pattern.compile("(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?(?:(\\d+)ms)?");

        @Override
        public Duration convert(String text) {
            var parts = DURATION.matcher(text);
            if (text.isEmpty() || !parts.matches()) {
                throw new TypeConversionException("expected a time such as 30s, 10m, 2h or 1h30m, not '" + text + "'");
            }
            return Duration.ofDays(number(parts.group(1))).plusHours(number(parts.group(2)))
                    .plusMinutes(number(parts.group(3))).plusSeconds(number(parts.group(4)))
                    .plusMillis(number(parts.group(5)));
        }

        private static long number(@Nullable String digits) {
            return digits == null ? 0 : Long.parseLong(digits);
        }
    }

    private static final class InstantConverter implements ITypeConverter<Instant> {

        @Override
        public Instant convert(String text) {
            try {
                return Instant.parse(text);
            } catch (DateTimeParseException unreadable) {
                throw new TypeConversionException("expected a time such as 2026-01-08T10:00:00Z, not '" + text + "'");
            }
        }
    }
}
