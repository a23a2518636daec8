package dev.longhaul.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Option;

@CommandLine.Command(name = "migrate",
        description =
        {"Migrate a database's schema. The service does it at its start, unless spring.flyway.enabled is false.",
        "The roles of db/roles.sql must exist."})
class MigrateCommand implements Callable<Integer> {

    @Option(names = "--database", paramLabel = "JDBC-URL",
            description = "Default: $SPRING_FLYWAY_URL or $SPRING_DATASOURCE_URL.")
    private @Nullable String database;

    @Option(names = "--user", paramLabel = "NAME", description = "The schema's owner; default: $SPRING_FLYWAY_USER.")
    private @Nullable String user;

    @Option(names = "--dry-run", description = "Only list the missing migrations.")
    private boolean dryRun;

    @Override
    public Integer call() {
        var url = first(database, "SPRING_FLYWAY_URL", "SPRING_DATASOURCE_URL");
        if (url == null) {
            throw new CliError(ExitCode.USAGE,
                    "--database is missing, e.g. jdbc:postgresql://host/name, with the password in "
                    + "$SPRING_FLYWAY_PASSWORD");
        }
        silenceFlyway();
        try {
            var flyway = Flyway.configure().dataSource(url, first(user, "SPRING_FLYWAY_USER"),
                    System.getenv("SPRING_FLYWAY_PASSWORD")).locations("classpath:db/migration").load();
            var pending = flyway.info().pending();
            for (var migration : pending) {
                System.out.println("V" + migration.getVersion() + "  " + migration.getDescription());
            }
            if (!dryRun) {
                flyway.migrate();
            }
            ServiceCommand.say(pending.length == 0 ? "up to date" : pending.length
                    + (dryRun ? " pending" : " applied"));
            return ExitCode.DONE;
        } catch (FlywayException refused) {
            throw new CliError(ExitCode.UNREACHABLE, String.valueOf(refused.getMessage()).strip());
        }
    }

    /// Flyway's log lines would mix with the list of migrations; its errors are thrown.
    private static void silenceFlyway() {
        if (LoggerFactory.getLogger("org.flywaydb") instanceof Logger logger) {
            logger.setLevel(Level.OFF);
        }
    }

    private static @Nullable String first(@Nullable String given, String... variables) {
        return Optional.ofNullable(given).or(() -> Arrays.stream(variables).map(System::getenv).filter(Objects::nonNull)
                .findFirst()).orElse(null);
    }
}
