package dev.longhaul.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import jakarta.annotation.PreDestroy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/// Divides the service's connections between requests, background work and bulk work. A burst of requests delays no
/// loop, and a long export delays no request. `spring.datasource.hikari` configures the pool of the requests; the
/// other pools connect in the same way.
@Configuration(proxyBeanMethods = false)
class ServicePools {

    private static final Duration BACKGROUND_STATEMENT = Duration.ofSeconds(30);
    private static final Duration BACKGROUND_LOCK = Duration.ofSeconds(15);
    private static final Duration BACKGROUND_WAIT = Duration.ofSeconds(10);
    private static final int BULK_CONNECTIONS = 2;
    private static final Duration BULK_STATEMENT = Duration.ofHours(1);

    private final DatabaseSettings settings;
    private final List<HikariDataSource> opened = new ArrayList<>();

    ServicePools(DatabaseSettings settings) {
        this.settings = settings;
    }

    @Bean
    static BeanPostProcessor dataSourceDivider(ObjectProvider<ServicePools> pools) {
        return new BeanPostProcessor() {

            @Override
            public Object postProcessAfterInitialization(Object bean, String name) {
                return bean instanceof HikariDataSource pool && name.equals("dataSource")
                        ? pools.getObject().divided(pool) : bean;
            }
        };
    }

    private DataSource divided(HikariDataSource requests) {
        DatabaseStart.await(requests, settings.startTimeout());
        var background = open(requests, "background", settings.backgroundConnections(), BACKGROUND_STATEMENT,
                BACKGROUND_LOCK, BACKGROUND_WAIT);
        // A third export waits until one of the others has ended.
        var bulk = open(requests, "bulk", BULK_CONNECTIONS, BULK_STATEMENT, BACKGROUND_LOCK, BULK_STATEMENT);
        limit(requests, requests.getConnectionInitSql(), settings.statementTimeout(), settings.lockTimeout());
        return new WorkloadDataSource(requests, background, bulk, settings.lockTimeout());
    }

    private HikariDataSource open(HikariConfig requests, String name, int connections, Duration statement,
            Duration lock, Duration wait) {
        var config = new HikariConfig();
        config.setPoolName(name);
        config.setJdbcUrl(requests.getJdbcUrl());
        config.setUsername(requests.getUsername());
        config.setPassword(requests.getPassword());
        config.setMaximumPoolSize(connections);
        config.setMinimumIdle(name.equals("bulk") ? 0 : Math.clamp(requests.getMinimumIdle(), 0, connections));
        config.setConnectionTimeout(wait.toMillis());
        config.setValidationTimeout(Math.min(requests.getValidationTimeout(), wait.toMillis()));
        config.setInitializationFailTimeout(-1);
        requests.getDataSourceProperties().forEach((key, value) ->
                config.addDataSourceProperty(String.valueOf(key), value));
        config.addDataSourceProperty("ApplicationName", "longhaul " + name);
        limit(config, requests.getConnectionInitSql(), statement, lock);
        var pool = new HikariDataSource(config);
        opened.add(pool);
        return pool;
    }

    // A timeout of the role or the database goes first.
    private static final String TIMEOUTS = """
            ; select set_config(name, value, false) from (values ('statement_timeout', '%d'), ('lock_timeout', '%d'),
                ('idle_in_transaction_session_timeout', '60s')) as timeout (name, value)
            where current_setting(name) in ('0', '')
            """;

    private static void limit(HikariConfig pool, @Nullable String initSql, Duration statement, Duration lock) {
        pool.setConnectionInitSql((initSql == null ? "select 1" : initSql)
                + TIMEOUTS.formatted(statement.toMillis(), lock.toMillis()));
        // Longer than the statement's: it ends only connections to an unresponsive server. The driver ignores a number.
        pool.addDataSourceProperty("socketTimeout", String.valueOf(statement.toSeconds() + 1));
    }

    @PreDestroy
    void close() {
        opened.forEach(HikariDataSource::close);
    }
}
