package dev.longhaul.schema;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.stereotype.Component;

/// Puts the schema into the JDBC URLs from which all connections are made: those of the pools, of the listener and of
/// the migrations.
@Component
class SchemaConnections implements BeanPostProcessor {

    private final ObjectProvider<SchemaSettings> settings;

    SchemaConnections(ObjectProvider<SchemaSettings> settings) {
        this.settings = settings;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String name) {
        return switch (bean) {
            case JdbcConnectionDetails details -> new Service(details, settings.getObject());
            case FlywayConnectionDetails details -> new Owner(details, settings.getObject());
            default -> bean;
        };
    }

    private record Service(JdbcConnectionDetails details, SchemaSettings settings) implements JdbcConnectionDetails {
        @Override
        public @Nullable String getUsername() {
            return details.getUsername();
        }

        @Override
        public @Nullable String getPassword() {
            return details.getPassword();
        }

        @Override
        public String getJdbcUrl() {
            return settings.url(details.getJdbcUrl());
        }

        @Override
        public String getDriverClassName() {
            return details.getDriverClassName();
        }

        @Override
        public @Nullable String getXaDataSourceClassName() {
            return details.getXaDataSourceClassName();
        }
    }

    private record Owner(FlywayConnectionDetails details, SchemaSettings settings) implements FlywayConnectionDetails {
        @Override
        public @Nullable String getUsername() {
            return details.getUsername();
        }

        @Override
        public @Nullable String getPassword() {
            return details.getPassword();
        }

        /// Null: that of the service.
        @Override
        public @Nullable String getJdbcUrl() {
            var url = details.getJdbcUrl();
            return url == null ? null : settings.url(url);
        }

        @Override
        public @Nullable String getDriverClassName() {
            return details.getDriverClassName();
        }
    }
}
