package dev.longhaul.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import dev.longhaul.query.Counts.Precision;
import jakarta.persistence.EntityManagerFactory;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import tools.jackson.databind.json.JsonMapper;

@LonghaulTest
class CountsTest {

    @Autowired
    OperationCounts counts;
    @Autowired
    OperationList list;
    @Autowired
    EntityManagerFactory factory;
    @Autowired
    JdbcClient jdbc;
    @Autowired
    PlatformTransactionManager transactions;
    @Autowired
    JsonMapper json;

    @Test
    void whatWouldTakeTooLongToCountIsEstimated() {
        jdbc.sql("insert into operation (type, queue, input, run_at) select 'simulation', 'totals', "
                + "jsonb_build_object('n', n), now() + interval '1 hour' from generate_series(1, 20000) as n").update();
        var impatient = new Counts(counts, list, factory, jdbc, transactions, json, Duration.ofMillis(1));

        var total = Objects.requireNonNull(impatient.of(Filter.parse("queue:totals input.n:7"), Precision.EXACT, 1));

        assertThat(total.isEstimate()).isTrue();
        assertThat(total.size()).isPositive();
    }
}
