package dev.longhaul.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.longhaul.schema.Migrations;
import dev.longhaul.schema.SchemaConflict;
import dev.longhaul.schema.SchemaSettings;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
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

    @Option(names = "--schema", paramLabel = "NAME",
            description = "The schema of the tables; default: $LONGHAUL_SCHEMA, or public.")
    private @Nullable String schema;

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
            var settings = settings();
            var flyway = Migrations.load(url, first(user, "SPRING_FLYWAY_USER"),
                    System.getenv("SPRING_FLYWAY_PASSWORD"), settings);
            var pending = flyway.info().pending();
            for (var migration : pending) {
                System.out.println("V" + migration.getVersion() + "  " + migration.getDescription());
            }
            if (!dryRun) {
                Migrations.migrate(flyway, settings);
            }
            ServiceCommand.say(pending.length == 0 ? "up to date" : pending.length
                    + (dryRun ? " pending" : " applied"));
            return ExitCode.DONE;
        } catch (FlywayException | SchemaConflict refused) {
            throw new CliError(ExitCode.UNREACHABLE, String.valueOf(refused.getMessage()).strip());
        }
    }

    private SchemaSettings settings() {
        try {
            return new SchemaSettings(Optional.ofNullable(first(schema, "LONGHAUL_SCHEMA")).orElse("public"));
        } catch (IllegalArgumentException invalid) {
            throw new CliError(ExitCode.USAGE, String.valueOf(invalid.getMessage()));
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
