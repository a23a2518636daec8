package dev.longhaul.library;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.example.shop.Shop;
import dev.longhaul.Longhaul;
import dev.longhaul.LonghaulTest;
import dev.longhaul.TestDatabase;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.Status;
import dev.longhaul.schedule.ScheduleSpec;
import dev.longhaul.schedule.Timing;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.simple.JdbcClient;

/// An application with its own tables, JPA and Flyway that has Longhaul as a library.
@ResourceLock(LonghaulTest.SPECIAL)
class OwnApplicationTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final TestDatabase.Database database = TestDatabase.special().empty();
    private static ConfigurableApplicationContext application;

    private final Longhaul longhaul = application.getBean(Longhaul.class);
    private final Shop.Checkout checkout = application.getBean(Shop.Checkout.class);
    private final JdbcClient jdbc = application.getBean(JdbcClient.class);

    @BeforeAll
    static void start() {
        application = new SpringApplicationBuilder(Shop.class).web(WebApplicationType.NONE).run(
                "--spring.datasource.url=" + database.url(), "--spring.datasource.username=" + database.ownerUser(),
                "--spring.datasource.password=" + database.ownerPassword(),
                "--spring.flyway.locations=classpath:shop/migration", "--spring.jpa.hibernate.ddl-auto=none");
    }

    @AfterAll
    static void stop() {
        SpringApplication.exit(application);
    }

    @Test
    void anOperationIsSubmittedInTheTransactionOfTheCaller() throws Exception {
        var bought = checkout.buy("ann", false);

        var ended = longhaul.await(bought.invoice(), PATIENCE).orElseThrow();
        assertThat(ended.status()).as(String.valueOf(ended.error())).isEqualTo(Status.COMPLETED);
        assertThat(longhaul.output(ended, Shop.Receipt.class)).isEqualTo(new Shop.Receipt("paid by ann"));
        assertThat(paid(bought.purchase())).isTrue();
    }

    @Test
    void anOperationIsRolledBackWithTheTransactionOfTheCaller() {
        assertThatThrownBy(() -> checkout.buy("bob", true)).hasMessage("refused");

        assertThat(jdbc.sql("select count(*) from purchase where customer = 'bob'").query(Integer.class).single())
                .isZero();
        assertThat(jdbc.sql("select count(*) from longhaul.operation where input ->> 'customer' = 'bob'")
                .query(Integer.class).single()).isZero();
        assertThat(jdbc.sql("select count(*) from longhaul.operation_history h where not exists "
                + "(select from longhaul.operation o where o.id = h.operation_id)").query(Integer.class).single())
                .isZero();
    }

    @Test
    void aStepCommitsWithTheWritesOfTheApplicationOrNotAtAll() throws Exception {
        var purchase = jdbc.sql("insert into purchase (customer) values ('eve') returning id").query(Long.class)
                .single();
        var id = longhaul.submit(longhaul.submission("fail_after_write", new Shop.Failing(purchase))
                .with(limits -> limits.withMaxAttempts(1)));

        var ended = longhaul.await(id, PATIENCE).orElseThrow();
        assertThat(ended.status()).isEqualTo(Status.FAILED);
        assertThat(String.valueOf(ended.error())).contains("the card was refused");
        assertThat(paid(purchase)).isFalse();
        assertThat(jdbc.sql("select count(*) from longhaul.operation_step where operation_id = :id")
                .param("id", id.value()).query(Integer.class).single()).isZero();
    }

    @Test
    void theOptionsOfAMethodHoldUnlessTheSubmissionSaysOtherwise() {
        var purchase = jdbc.sql("insert into purchase (customer) values ('kim') returning id").query(Long.class)
                .single();
        var id = longhaul.submit("invoice.send", new Shop.Invoice(purchase, "kim"));

        var operation = longhaul.get(id).orElseThrow();
        assertThat(operation.limits().maxAttempts()).isEqualTo(2);
        assertThat(operation.concurrency().key()).isEqualTo("customer:kim");
    }

    @Test
    void aStreamTellsEachChangeUntilTheEnd() {
        var purchase = jdbc.sql("insert into purchase (customer) values ('lee') returning id").query(Long.class)
                .single();
        try (var changes = longhaul.watch(longhaul.submit("invoice.send", new Shop.Invoice(purchase, "lee")))) {
            assertThat(changes.map(Operation::status).distinct()).endsWith(Status.RUNNING, Status.COMPLETED);
        }
    }

    @Test
    void manyAreSubmittedAtOnceAndCancelled() {
        var later = longhaul.submission("invoice.send", new Shop.Invoice(1, "max"))
                .withRunAt(Instant.now().plusSeconds(3600));
        var ids = longhaul.submitAll(List.of(later, later));

        assertThat(ids).hasSize(2).doesNotHaveDuplicates();
        assertThat(longhaul.cancel(ids.getFirst(), "not needed").orElseThrow().status()).isEqualTo(Status.CANCELLED);
    }

    @Test
    void aScheduleIsCreatedAndThenChanged() {
        var work = longhaul.submission("invoice.send", new Shop.Invoice(1, "pat"));
        longhaul.schedule(ScheduleSpec.of("nightly", Timing.Cron.of("0 3 * * *", "UTC"), work));
        longhaul.schedule(ScheduleSpec.of("nightly", Timing.Cron.of("0 4 * * *", "UTC"), work));

        assertThat(jdbc.sql("select cron from longhaul.schedule where name = 'nightly'").query(String.class).list())
                .containsExactly("0 4 * * *");
    }

    @Test
    void aMethodWithACronExpressionHasASchedule() {
        assertThat(jdbc.sql("select cron || ' ' || zone from longhaul.schedule where name = 'purchase.tidy'")
                .query(String.class).list()).containsExactly("0 5 * * * Europe/Berlin");
    }

    @Test
    void anInputThatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> longhaul.submit("invoice.send", Map.of("customer", "x")))
                .hasMessageContaining("purchase_id");
        assertThatThrownBy(() -> longhaul.submit("invoice.sent", Map.of())).hasMessageContaining("invoice.send");
    }

    @Test
    void theApplicationKeepsItsOwnTablesAndSettings() {
        assertThat(jdbc.sql("select relname from pg_class where relnamespace = 'public'::regnamespace "
                + "and relkind = 'r' order by 1").query(String.class).list())
                .containsExactly("flyway_schema_history", "operation", "purchase");
        assertThat(application.getBeanNamesForType(DataSource.class)).hasSize(1);
        assertThat(application.getBeanNamesForType(Flyway.class)).hasSize(1);
        assertThat(application.getEnvironment().getProperty("server.port")).isNull();
    }

    private boolean paid(long purchase) {
        return jdbc.sql("select paid from purchase where id = :id").param("id", purchase).query(Boolean.class).single();
    }
}
