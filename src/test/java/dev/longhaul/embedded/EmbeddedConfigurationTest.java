package dev.longhaul.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.jdbc.core.simple.JdbcClient;

class EmbeddedConfigurationTest {

    private final ApplicationContextRunner runner = new ApplicationContextRunner()
            .withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class, FlywayAutoConfiguration.class))
            .withPropertyValues("longhaul.embedded.port=0", "spring.flyway.locations=filesystem:target/no-migrations",
            "spring.flyway.fail-on-missing-locations=false").withUserConfiguration(EmbeddedConfiguration.class);

    @Test
    void withoutADatasourceUrlServiceAndFlywayUseTheEmbeddedDatabase(@TempDir Path temporary) throws IOException {
        runner.withPropertyValues("longhaul.embedded.dir=" + DataDirectory.in(temporary).path()).run(context -> {
            var service = JdbcClient.create(context.getBean(DataSource.class));
            var owner = JdbcClient.create(context.getBean(Flyway.class).getConfiguration().getDataSource());

            assertThat(service.sql("select current_user || '@' || current_database()").query(String.class).single())
                    .isEqualTo("longhaul_service@longhaul");
            assertThat(owner.sql("select current_user || '@' || current_database()").query(String.class).single())
                    .isEqualTo("longhaul_owner@longhaul");
        });
    }

    @Test
    void thePoolIsClosedBeforeTheServerIsStopped(@TempDir Path temporary) throws IOException {
        var destroyed = new ArrayList<String>();
        DestructionAwareBeanPostProcessor recorder = (bean, name) -> destroyed.add(name);

        runner.withPropertyValues("longhaul.embedded.dir=" + DataDirectory.in(temporary).path())
                .withInitializer(context -> context.getBeanFactory().addBeanPostProcessor(recorder))
                .run(context -> assertThat(context).hasNotFailed());

        assertThat(destroyed).containsSubsequence(List.of("dataSource", "embeddedPostgres"));
    }

    @Test
    void withADatasourceUrlNothingIsUnpackedOrStarted(@TempDir Path temporary) {
        var dir = temporary.resolve("data");
        runner.withPropertyValues("longhaul.embedded.dir=" + dir,
                "spring.datasource.url=jdbc:postgresql://127.0.0.1:1/elsewhere", "spring.flyway.enabled=false")
                .run(context -> {
                    assertThat(context).hasNotFailed().doesNotHaveBean(EmbeddedPostgres.class)
                            .doesNotHaveBean(EmbeddedSettings.class);
                    assertThat(dir).doesNotExist();
                });
    }

    @Test
    void withADatasourceUrlInTheEnvironmentNothingIsUnpackedOrStarted(@TempDir Path temporary) {
        var dir = temporary.resolve("data");
        runner.withPropertyValues("longhaul.embedded.dir=" + dir, "spring.flyway.enabled=false")
                .withInitializer(context -> context.getEnvironment().getPropertySources()
                        .addFirst(new SystemEnvironmentPropertySource("systemEnvironment",
                                Map.of("SPRING_DATASOURCE_URL", "jdbc:postgresql://127.0.0.1:1/elsewhere"))))
                .run(context -> {
                    assertThat(context).doesNotHaveBean(EmbeddedPostgres.class);
                    assertThat(dir).doesNotExist();
                });
    }
}
