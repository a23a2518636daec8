package dev.longhaul.library;

import dev.longhaul.Longhaul;
import dev.longhaul.LonghaulServer;
import javax.sql.DataSource;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/// Adds [Longhaul] to an application with a DataSource. The server is no such application.
@AutoConfiguration(afterName = {
    "org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration",
    "org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration"})
@ConditionalOnBean(DataSource.class)
@ConditionalOnMissingBean(value = {LonghaulServer.class, Longhaul.class})
@ConditionalOnProperty(name = "longhaul.enabled", matchIfMissing = true)
@EnableConfigurationProperties(LibrarySettings.class)
public class LonghaulAutoConfiguration {

    @Bean
    Longhaul longhaul(ConfigurableApplicationContext application, LibrarySettings settings) {
        return new EmbeddedLonghaul(new LibraryContext(application, settings));
    }
}
