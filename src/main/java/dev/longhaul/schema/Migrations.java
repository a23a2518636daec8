package dev.longhaul.schema;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.flyway.autoconfigure.FlywayConfigurationCustomizer;
import org.springframework.boot.flyway.autoconfigure.FlywayMigrationStrategy;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Runs the migrations in the schema of the settings. Tables of others in it stop them before the first statement.
@Configuration(proxyBeanMethods = false)
public class Migrations {

    /// Not `db/migration`, where an application has its own.
    private static final String LOCATION = "classpath:dev/longhaul/migration";

    @Bean
    FlywayConfigurationCustomizer schemaOfMigrations(SchemaSettings settings) {
        return configuration -> configure(configuration, settings);
    }

    @Bean
    FlywayMigrationStrategy migrationStrategy(SchemaSettings settings) {
        return flyway -> migrate(flyway, settings);
    }

    /// Migrations from this jar, for `settings.schema()`.
    ///
    /// @param url may lack the schema
    public static Flyway load(String url, @Nullable String user, @Nullable String password, SchemaSettings settings) {
        return configure(Flyway.configure().dataSource(settings.url(url), user, password), settings)
                .load();
    }

    private static FluentConfiguration configure(FluentConfiguration configuration, SchemaSettings settings) {
        return configuration.locations(LOCATION).defaultSchema(settings.schema()).schemas(settings.schema())
                .placeholders(Map.of("audit", settings.audit()));
    }

    /// @throws SchemaConflict if the schema has tables of others
    public static void migrate(Flyway flyway, SchemaSettings settings) {
        checkOwner(flyway.getConfiguration().getDataSource(), settings);
        flyway.migrate();
    }

    // The history table of another application looks like ours: only the tables tell them apart.
    private static final String OTHERS = """
            select string_agg(relname, ', ' order by relname)
            from (select relname, bool_or(relname = 'operation_transition') over () as is_ours
                  from pg_class
                  where relnamespace = to_regnamespace(?) and relkind in ('r', 'p')
                      and relname <> 'flyway_schema_history'
                  order by relname limit 5) as tables
            where not is_ours
            """;

    private static void checkOwner(DataSource dataSource, SchemaSettings settings) {
        try (var connection = dataSource.getConnection()) {
            var others = others(connection, settings.schema());
            if (others != null) {
                throw new SchemaConflict(settings.schema(), others);
            }
        } catch (SQLException unreachable) {
            // Flyway connects next, retries as configured, and says why it fails.
        }
    }

    private static @Nullable String others(Connection connection, String schema)
            throws SQLException {
        try (var statement = connection.prepareStatement(OTHERS)) {
            statement.setString(1, schema);
            try (var rows = statement.executeQuery()) {
                return rows.next() ? rows.getString(1) : null;
            }
        }
    }
}
