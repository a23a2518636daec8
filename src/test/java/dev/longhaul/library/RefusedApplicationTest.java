package dev.longhaul.library;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.example.shop.Shop;
import dev.longhaul.LonghaulTest;
import dev.longhaul.TestDatabase;
import dev.longhaul.task.LonghaulTask;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/// What stops an application that has Longhaul as a library: each has its sentence.
@ResourceLock(LonghaulTest.SPECIAL)
class RefusedApplicationTest {

    private final TestDatabase.Database database = TestDatabase.special().empty();

    private ConfigurableApplicationContext start(Class<?> source, String user, String password, String... settings) {
        var all = new ArrayList<>(List.of("--spring.datasource.url=" + database.url(),
                "--spring.datasource.username=" + user, "--spring.datasource.password=" + password,
                "--spring.flyway.locations=classpath:shop/migration", "--spring.jpa.hibernate.ddl-auto=none"));
        all.addAll(List.of(settings));
        return new SpringApplicationBuilder(source).web(WebApplicationType.NONE).run(all.toArray(String[]::new));
    }

    @Configuration(proxyBeanMethods = false)
    static class SecondSender {

        static class Sender {

            @LonghaulTask("invoice.send")
            void send(Shop.Invoice invoice) {
            }
        }

        @Bean
        Sender sender() {
            return new Sender();
        }
    }

    @Configuration(proxyBeanMethods = false)
    static class WrongInput {

        static class Sender {

            @LonghaulTask("invoice.print")
            void print(String invoice) {
            }
        }

        @Bean
        Sender sender() {
            return new Sender();
        }
    }

    private SpringApplicationBuilder shopWith(Class<?> more) {
        return new SpringApplicationBuilder(Shop.class, more).web(WebApplicationType.NONE).properties(
                "spring.datasource.url=" + database.url(), "spring.datasource.username=" + database.ownerUser(),
                "spring.datasource.password=" + database.ownerPassword(),
                "spring.flyway.locations=classpath:shop/migration");
    }

    @Test
    void twoTasksOfOneTypeAreNamed() {
        assertThatThrownBy(() -> shopWith(SecondSender.class).run()).rootCause()
                .hasMessageContaining("two tasks have the type invoice.send")
                .hasMessageContaining("Shop$Invoices.send").hasMessageContaining("SecondSender$Sender.send");
    }

    @Test
    void aMethodWithoutARecordAsItsInputIsNamed() {
        assertThatThrownBy(() -> shopWith(WrongInput.class).run()).rootCause()
                .hasMessageContaining("the method of task invoice.print must take its input, a record")
                .hasMessageContaining("print(java.lang.String)");
    }

    @Test
    void aDatabaseThatIsNotPostgresqlIsRefused() {
        assertThatThrownBy(() -> start(Shop.class, database.ownerUser(), database.ownerPassword(),
                "--longhaul.datasource.url=jdbc:mysql://localhost/shop")).rootCause()
                .hasMessageContaining("Longhaul needs PostgreSQL").hasMessageContaining("jdbc:mysql://localhost/shop")
                .hasMessageContaining("longhaul.datasource.url").hasMessageContaining("longhaul.enabled=false");
    }

    @Test
    void anApplicationWithoutRightsOnTheSchemaIsToldTheGrant() {
        var owner = JdbcClient.create(new DriverManagerDataSource(database.url(), database.ownerUser(),
                database.ownerPassword()));
        owner.sql("create table purchase (id bigserial primary key, customer text not null, "
                + "paid boolean not null default false)").update();
        owner.sql("grant all on purchase, purchase_id_seq to longhaul_reader").update();
        try (var application = start(Shop.class, "longhaul_reader", database.ownerPassword(),
                "--spring.flyway.enabled=false",
                "--longhaul.datasource.url=" + database.url(),
                "--longhaul.datasource.username=" + database.ownerUser(),
                "--longhaul.datasource.password=" + database.ownerPassword())) {
            var checkout = application.getBean(Shop.Checkout.class);

            assertThatThrownBy(() -> checkout.buy("ann", false))
                    .hasMessageContaining("may not submit operations within its own transactions")
                    .hasMessageContaining("grant longhaul_service to");
        }
    }
}
