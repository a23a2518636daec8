package dev.longhaul.embedded;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.flyway.autoconfigure.FlywayConnectionDetails;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.StringUtils;

/// Connects the DataSource and Flyway to the embedded PostgreSQL unless `spring.datasource.url` is set.
///
/// The pool depends on the connection details and these on the server, so Spring closes the pool before the server.
@Configuration(proxyBeanMethods = false)
@Conditional(EmbeddedConfiguration.NoDatabaseNamed.class)
@EnableConfigurationProperties(EmbeddedSettings.class)
class EmbeddedConfiguration {

    @Bean
    EmbeddedPostgres embeddedPostgres(EmbeddedSettings settings) {
        return EmbeddedPostgres.start(settings);
    }

    @Bean
    JdbcConnectionDetails embeddedServiceConnection(EmbeddedPostgres postgres) {
        return new ServiceConnection(postgres.url(), postgres.service());
    }

    @Bean
    FlywayConnectionDetails embeddedOwnerConnection(EmbeddedPostgres postgres) {
        return new OwnerConnection(postgres.url(), postgres.owner());
    }

    private record ServiceConnection(String url, Credentials credentials) implements JdbcConnectionDetails {
        @Override
        public String getJdbcUrl() {
            return url;
        }

        @Override
        public String getUsername() {
            return credentials.user();
        }

        @Override
        public String getPassword() {
            return credentials.password();
        }
    }

    private record OwnerConnection(String url, Credentials credentials) implements FlywayConnectionDetails {
        @Override
        public String getJdbcUrl() {
            return url;
        }

        @Override
        public String getUsername() {
            return credentials.user();
        }

        @Override
        public String getPassword() {
            return credentials.password();
        }
    }

    /// Also sees `SPRING_DATASOURCE_URL`, because the environment maps it to the property's name.
    static class NoDatabaseNamed implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return !StringUtils.hasText(context.getEnvironment().getProperty("spring.datasource.url"));
        }
    }
}
