package dev.longhaul;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.context.ContextConfiguration;

/// The whole service in the test's own JVM, on a random port and a database of its own; test classes with the same
/// settings share one.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"longhaul.rehearsal.any-type=true", "longhaul.mcp.call-wait=2s", "longhaul.mcp.heartbeat=300ms",
        "longhaul.mcp.stream-rotation=1s",
        "longhaul.webhook.allow-private-addresses=127.0.0.1"})
@ContextConfiguration(initializers = LonghaulTest.OnFreshDatabase.class)
public @interface LonghaulTest {

    /// Gives the service a new, empty database.
    class OnFreshDatabase implements ApplicationContextInitializer<ConfigurableApplicationContext> {

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            var database = TestDatabase.shared().fresh();
            TestPropertyValues.of(
                    "spring.datasource.hikari.minimum-idle=1",   // many contexts share one server
                    "spring.datasource.hikari.maximum-pool-size=8",
                    "longhaul.retention.export-folder=target/exports",
                    "longhaul.secrets.keys.test=bG9uZ2hhdWwgdGVzdHMgb25seTogMzIgYnl0ZXMgLi4=",
                    "spring.datasource.url=" + database.url(),
                    "spring.datasource.username=" + database.serviceUser(),
                    "spring.datasource.password=" + database.servicePassword(),
                    "spring.flyway.url=" + database.url(),
                    "spring.flyway.user=" + database.ownerUser(),
                    "spring.flyway.password=" + database.ownerPassword(),
                    "test.reader-url=" + database.readerUrl(),
                    "test.superuser-url=" + database.superuserUrl()).applyTo(context);
        }
    }
}
