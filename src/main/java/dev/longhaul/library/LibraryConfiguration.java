package dev.longhaul.library;

import org.springframework.boot.autoconfigure.AutoConfigurationPackage;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.context.ConfigurationPropertiesAutoConfiguration;
import org.springframework.boot.autoconfigure.context.LifecycleAutoConfiguration;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcClientAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.persistence.autoconfigure.PersistenceExceptionTranslationAutoConfiguration;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;

/// What runs inside an application: the engine and the features, without interfaces, embedded PostgreSQL, tasks that
/// ship, and command line.
@Configuration(proxyBeanMethods = false)
@AutoConfigurationPackage(basePackages = "dev.longhaul")
@ImportAutoConfiguration({
    ConfigurationPropertiesAutoConfiguration.class, PropertyPlaceholderAutoConfiguration.class,
    LifecycleAutoConfiguration.class, JacksonAutoConfiguration.class, DataSourceAutoConfiguration.class,
    JdbcTemplateAutoConfiguration.class, JdbcClientAutoConfiguration.class, HibernateJpaAutoConfiguration.class,
    TransactionAutoConfiguration.class, PersistenceExceptionTranslationAutoConfiguration.class,
    DataJpaRepositoriesAutoConfiguration.class, FlywayAutoConfiguration.class})
@ComponentScan({
    "dev.longhaul.schema", "dev.longhaul.store", "dev.longhaul.types", "dev.longhaul.live", "dev.longhaul.engine",
    "dev.longhaul.query", "dev.longhaul.inputrequest", "dev.longhaul.bulk", "dev.longhaul.schedule",
    "dev.longhaul.workflow", "dev.longhaul.history"})
@ConfigurationPropertiesScan({
    "dev.longhaul.schema", "dev.longhaul.store", "dev.longhaul.types", "dev.longhaul.live", "dev.longhaul.engine",
    "dev.longhaul.query", "dev.longhaul.inputrequest", "dev.longhaul.bulk", "dev.longhaul.schedule",
    "dev.longhaul.workflow", "dev.longhaul.history"})
class LibraryConfiguration {}
