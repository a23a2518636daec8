package dev.longhaul.library;

import dev.longhaul.ServerDefaults;
import dev.longhaul.library.LibrarySettings.Mode;
import dev.longhaul.types.TaskRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.opentelemetry.api.OpenTelemetry;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.transaction.PlatformTransactionManager;

/// The context in which Longhaul runs inside an application.
///
/// It is no child of the application's context: conditions of Spring Boot look into parents, and would take the
/// application's DataSource, JPA and Jackson for Longhaul's.
final class LibraryContext {

    private final ConfigurableApplicationContext application;
    private final LibrarySettings settings;
    private final Map<String, String> own;   // `longhaul.*` of the application, from files, arguments and variables

    LibraryContext(ConfigurableApplicationContext application, LibrarySettings settings) {
        this.application = application;
        this.settings = settings;
        this.own = Binder.get(application.getEnvironment())
                .bind("longhaul", Bindable.mapOf(String.class, String.class)).orElse(Map.of());
    }

    /// Starts it, with the tasks of the application.
    AnnotationConfigApplicationContext start() {
        var context = new AnnotationConfigApplicationContext();
        context.setClassLoader(application.getClassLoader());
        context.setDisplayName("longhaul");
        context.setEnvironment(environment());
        var beans = context.getBeanFactory();
        beans.setConversionService(ApplicationConversionService.getSharedInstance());
        beans.registerSingleton("meterRegistry",
                application.getBeanProvider(MeterRegistry.class).getIfUnique(SimpleMeterRegistry::new));
        application.getBeanProvider(OpenTelemetry.class).ifUnique(
                telemetry -> beans.registerSingleton("openTelemetry", telemetry));
        beans.registerSingleton("stepTransactions", transactions());
        registerTasks(context);
        context.register(LibraryConfiguration.class);
        context.refresh();
        return context;
    }

    boolean startsScheduledRuns() {
        return settings.mode() == Mode.ALL;
    }

    private ApplicationTransactions transactions() {
        return new ApplicationTransactions(application.getBean(DataSource.class),
                application.getBean(PlatformTransactionManager.class), schema());
    }

    private void registerTasks(AnnotationConfigApplicationContext context) {
        for (var name : application.getBeanDefinitionNames()) {
            var type = application.getType(name);
            if (type != null && TaskRegistry.isSource(type)) {
                context.getBeanFactory().registerSingleton(name, application.getBean(name));
            }
        }
    }

    private ConfigurableEnvironment environment() {
        var values = new HashMap<String, Object>();
        own.forEach((name, value) -> {
            values.put("longhaul." + name, value);
            if (name.startsWith("datasource.") || name.startsWith("flyway.")) {
                values.put("spring." + name, value);
            }
        });
        values.putIfAbsent("longhaul.schema", schema());
        values.putIfAbsent("longhaul.engine.name", nodeName(application.getEnvironment()));
        values.putIfAbsent("longhaul.engine.enabled", settings.mode() != Mode.SUBMIT_ONLY);
        values.putIfAbsent("longhaul.schedule.enabled", startsScheduledRuns());
        values.putIfAbsent("spring.datasource.hikari.maximum-pool-size", 8);
        if (!values.containsKey("spring.datasource.url")) {
            connect(values);
        }
        if (!values.get("spring.datasource.url").toString().startsWith("jdbc:postgresql:")) {
            throw new IllegalStateException("Longhaul needs PostgreSQL, and the application's DataSource is "
                    + values.get("spring.datasource.url") + ": name a PostgreSQL in longhaul.datasource.url, "
                    + ".username and .password, or switch Longhaul off with longhaul.enabled=false");
        }
        var environment = new StandardEnvironment();
        var sources = environment.getPropertySources();
        sources.forEach(source -> sources.remove(source.getName()));
        sources.addLast(new MapPropertySource("longhaul.* of the application", values));
        sources.addLast(ServerDefaults.load());
        return environment;
    }

    private void connect(Map<String, Object> values) {
        var details = application.getBeanProvider(JdbcConnectionDetails.class).getIfUnique();
        if (details == null) {
            throw new IllegalStateException("Longhaul cannot tell where the application's database is, because its "
                    + "DataSource is made by hand: set longhaul.datasource.url, .username and .password");
        }
        values.put("spring.datasource.url", details.getJdbcUrl());
        if (details.getUsername() != null) {
            values.put("spring.datasource.username", details.getUsername());
        }
        if (details.getPassword() != null) {
            values.put("spring.datasource.password", details.getPassword());
        }
    }

    private String schema() {
        return own.getOrDefault("schema", "longhaul");
    }

    /// Unlike the name of any other process that may be alive: the operations of an earlier process of the name are
    /// taken over at once.
    private static String nodeName(Environment environment) {
        var port = environment.getProperty("local.server.port");
        return host() + ":" + (port == null ? "pid-" + ProcessHandle.current().pid() : port);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException nameless) {
            return "localhost";
        }
    }
}
