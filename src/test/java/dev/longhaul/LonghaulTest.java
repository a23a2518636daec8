package dev.longhaul;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.ResourceLocksProvider;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ApplicationContextInitializer;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.ContextConfiguration;
import org.springframework.test.context.TestPropertySource;

/// The whole service in the test's own JVM, on a random port and a database of its own; test classes with the same
/// settings share one. Classes with the common settings run one after the other, and beside them those with settings of
/// their own, one after the other too.
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@SpringBootTest(webEnvironment = SpringBootTest.WebEnvironment.RANDOM_PORT,
        properties = {"longhaul.simulation.any-type=true", "longhaul.mcp.call-wait=2s", "longhaul.mcp.heartbeat=300ms",
        "longhaul.mcp.stream-rotation=1s",
        "longhaul.webhook.allow-private-addresses=127.0.0.1"})
@ContextConfiguration(initializers = LonghaulTest.OnFreshDatabase.class)
@ResourceLock(providers = LonghaulTest.Row.class)
@ExtendWith(LonghaulTest.Row.class)
public @interface LonghaulTest {

    /// Gives the service a new, empty database.
    class OnFreshDatabase implements ApplicationContextInitializer<ConfigurableApplicationContext> {

        @Override
        public void initialize(ConfigurableApplicationContext context) {
            var database = (IN_COMMON.get() ? TestDatabase.common() : TestDatabase.special()).fresh();
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

    /// Two rows of classes: with the common settings, and with others.
    class Row implements ResourceLocksProvider, BeforeAllCallback, AfterAllCallback {

        @Override
        public Set<Lock> provideForClass(Class<?> testClass) {
            return Set.of(new Lock(isCommon(testClass) ? "common service" : SPECIAL));
        }

        @Override
        public void beforeAll(ExtensionContext context) {
            if (isCommon(context.getRequiredTestClass())) {
                IN_COMMON.set(true);
            }
        }

        @Override
        public void afterAll(ExtensionContext context) {
            IN_COMMON.remove();
        }

        private static boolean isCommon(Class<?> testClass) {
            return Stream.<Class<?>>iterate(testClass, type -> type != null, Class::getSuperclass)
                    .flatMap(type -> Stream.of(type.getAnnotations()))
                    .noneMatch(annotation -> SETTINGS.contains(annotation.annotationType()));
        }
    }

    /// The lock of classes that use [TestDatabase#special].
    String SPECIAL = "special services";

    ThreadLocal<Boolean> IN_COMMON = ThreadLocal.withInitial(() -> false);

    /// The annotations that make a service another one.
    Set<Class<?>> SETTINGS = Set.of(TestPropertySource.class, ContextConfiguration.class, Import.class);
}
