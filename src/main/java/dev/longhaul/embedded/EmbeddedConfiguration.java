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

/// Offers the embedded PostgreSQL to the DataSource and to Flyway, unless the user named a database.
///
/// The pool depends on the details and these on the server, so Spring closes the pool first and then stops the server.
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

    private record ServiceConnection(String url, Credentials login) implements JdbcConnectionDetails {
        @Override
        public String getJdbcUrl() {
            return url;
        }

        @Override
        public String getUsername() {
            return login.user();
        }

        @Override
        public String getPassword() {
            return login.password();
        }
    }

    private record OwnerConnection(String url, Credentials login) implements FlywayConnectionDetails {
        @Override
        public String getJdbcUrl() {
            return url;
        }

        @Override
        public String getUsername() {
            return login.user();
        }

        @Override
        public String getPassword() {
            return login.password();
        }
    }

    /// `SPRING_DATASOURCE_URL` counts as well: the environment knows it under the property's name.
    static class NoDatabaseNamed implements Condition {
        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            return !StringUtils.hasText(context.getEnvironment().getProperty("spring.datasource.url"));
        }
    }
}
