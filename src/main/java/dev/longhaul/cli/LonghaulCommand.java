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

/// The command line itself: which commands there are, and what their failures are to the shell.
@CommandLine.Command(name = "longhaul", versionProvider = VersionCommand.class, synopsisSubcommandLabel = "COMMAND",
        description = "Start, watch and look after long operations.",
        footer = {"",
        "Every command says more with --help. Without a command, or with 'server', this is the service itself: "
        + "longhaul server --server.port=8081"})
public final class LonghaulCommand implements Runnable {

    /// What the exit codes mean.
    static final Map<String, String> EXITS = exits();

    private static final Map<String, Class<?>> COMMANDS = commands();
    private static final Set<String> OPTIONS = Set.of("-h", "--help", "-V", "--version");

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "This help.")
    private boolean help;

    @Option(names = {"-V", "--version"}, versionHelp = true, description = "The version.")
    private boolean version;

    private static Map<String, Class<?>> commands() {
        var commands = new LinkedHashMap<String, Class<?>>();
        commands.put("run", RunCommand.class);
        commands.put("watch", WatchCommand.class);
        commands.put("ls", ListCommand.class);
        commands.put("get", GetCommand.class);
        commands.put("result", ResultCommand.class);
        commands.put("events", EventsCommand.class);
        commands.put("cancel", ChangeCommands.Cancel.class);
        commands.put("retry", ChangeCommands.Retry.class);
        commands.put("rerun", ChangeCommands.Rerun.class);
        commands.put("pause", ChangeCommands.Pause.class);
        commands.put("resume", ChangeCommands.Resume.class);
        commands.put("tag", TagCommand.class);
        commands.put("promote", ChangeCommands.Promote.class);
        commands.put("reschedule", RescheduleCommand.class);
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
        commands.put("mcp", McpBridge.class);
        commands.put("demo", DemoCommand.class);
        commands.put("completion", CompletionCommand.class);
        commands.put("man", ManualPages.class);
        commands.put("version", VersionCommand.Tell.class);
        return commands;
    }

    private static Map<String, String> exits() {
        var exits = new LinkedHashMap<String, String>();
        exits.put("0", "Done; of an operation that was waited for: it completed.");
        exits.put("1", "The operation failed; of doctor: something is wrong.");
        exits.put("2", "Wrong usage, or the service refused what was asked.");
        exits.put("3", "The operation was cancelled.");
        exits.put("4", "The service cannot be reached, or its database is away.");
        exits.put("5", "It took longer than --timeout; the operation goes on.");
        exits.put("6", "There is no such thing, or its state does not allow it.");
        exits.put("130", "Ctrl-C; the operation goes on.");
        return exits;
    }

    /// Whether these are a command's arguments, not settings of the service.
    public static boolean isFor(String... args) {
        return args.length > 0 && (!args[0].startsWith("-") || OPTIONS.contains(args[0]));
    }

    /// @return the exit code
    public static int run(String... args) {
        var known = args.length > 0 && COMMANDS.containsKey(args[0]);
        return (known ? line(Map.of(args[0], COMMANDS.get(args[0]))) : everything()).execute(args);
    }

    /// With all commands: for help and completion. One command alone takes 60 ms less to set up.
    static CommandLine everything() {
        return line(COMMANDS);
    }

    private static CommandLine line(Map<String, Class<?>> commands) {
        var line = new CommandLine(new LonghaulCommand());
        for (var command : commands.entrySet()) {
            line.addSubcommand(command.getKey(), new CommandLine(command.getValue()));
        }
        line.registerConverter(Duration.class, new Span());
        line.registerConverter(Instant.class, new Moment());
        line.setExecutionExceptionHandler(new Failure());
        line.setExpandAtFiles(false);   // -i @file is an input, not more arguments
        line.setUsageHelpAutoWidth(true);
        return line;
    }

    /// A class, as the loop above is a loop: a lambda in this class would be made at every start. It is in no cache,
    /// since picocli's classes are too old for one.
    private static final class Failure implements CommandLine.IExecutionExceptionHandler {

        @Override
        public int handleExecutionException(Exception thrown, CommandLine at, CommandLine.ParseResult parsed)
                throws Exception {
            if (thrown instanceof CliError trouble) {
                at.getErr().println("longhaul: " + trouble.getMessage());
                return trouble.exit();
            }
            throw thrown;
        }
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(everything(), "which command?");
    }

    /// `30s`, `10m`, `2h`, `1h30m`, `7d`.
    static final class Span implements ITypeConverter<Duration> {

        private static final Pattern SPAN =
                Pattern.compile("(?:(\\d+)d)?(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+)s)?(?:(\\d+)ms)?");

        @Override
        public Duration convert(String text) {
            var parts = SPAN.matcher(text);
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

    private static final class Moment implements ITypeConverter<Instant> {

        @Override
        public Instant convert(String text) {
            try {
                return Instant.parse(text);
            } catch (DateTimeParseException unreadable) {
                throw new TypeConversionException("expected a moment such as 2026-01-08T10:00:00Z, not '" + text + "'");
            }
        }
    }
}
