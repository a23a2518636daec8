package dev.longhaul.testing;

import dev.longhaul.Longhaul;
import dev.longhaul.embedded.EmbeddedPostgres;
import dev.longhaul.embedded.EmbeddedSettings;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.test.context.ContextConfigurationAttributes;
import org.springframework.test.context.ContextCustomizer;
import org.springframework.test.context.ContextCustomizerFactory;
import org.springframework.test.context.MergedContextConfiguration;

/// Prepares the context of a test with [LonghaulTest].
record LonghaulTestCustomizer(boolean database) implements ContextCustomizer {

    /// One server for all tests of the JVM; each context has a database of its own.
    private static final class Server {

        static final EmbeddedPostgres POSTGRES =
                EmbeddedPostgres.start(new EmbeddedSettings(Path.of("target", "longhaul-postgres"), 0));

        static {
            Runtime.getRuntime().addShutdownHook(new Thread(POSTGRES::close));
        }
    }

    @Override
    public void customizeContext(ConfigurableApplicationContext context, MergedContextConfiguration configuration) {
        if (database) {
            var name = "test_" + UUID.randomUUID().toString().replace("-", "");
            create(name);
            var user = Server.POSTGRES.superuser();
            TestPropertyValues.of("spring.datasource.url=jdbc:postgresql://127.0.0.1:" + Server.POSTGRES.port() + "/"
                    + name, "spring.datasource.username=" + user.user(), "spring.datasource.password="
                    + user.password()).applyTo(context);
        }
        var tester = new RootBeanDefinition(LonghaulTester.class,
                () -> LonghaulTester.of(context.getBean(Longhaul.class)));
        tester.setLazyInit(true);
        ((BeanDefinitionRegistry) context.getBeanFactory()).registerBeanDefinition("longhaulTester", tester);
    }

    private static void create(String name) {
        var user = Server.POSTGRES.superuser();
        try (var connection = DriverManager.getConnection("jdbc:postgresql://127.0.0.1:" + Server.POSTGRES.port()
                + "/postgres", user.user(), user.password()); var statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException failure) {
            throw new IllegalStateException("the database of the test could not be created", failure);
        }
    }

    /// Registered in META-INF/spring.factories.
    static final class Factory implements ContextCustomizerFactory {

        @Override
        public @Nullable ContextCustomizer createContextCustomizer(Class<?> testClass,
                List<ContextConfigurationAttributes> attributes) {
            var annotation = AnnotatedElementUtils.findMergedAnnotation(testClass, LonghaulTest.class);
            return annotation == null ? null : new LonghaulTestCustomizer(annotation.database());
        }
    }
}
