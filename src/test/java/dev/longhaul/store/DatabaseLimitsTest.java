package dev.longhaul.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;

/// A limit of the database server is told before it is reached.
@LonghaulTest
class DatabaseLimitsTest {

    @Autowired
    DatabaseLimits limits;

    @Test
    void aFreshDatabaseIsFarFromThem() {
        var usage = limits.usage();

        assertThat(usage.locks()).isBetween(50L, 400L);
        assertThat(usage.lockTable()).isGreaterThan(1_000);
        assertThat(new DatabaseLimits.Usage(usage.lockTable(), usage.locks(), 100, 1, 1_000).warnings()).isEmpty();
    }

    @Test
    void eachNamesItsSetting() {
        assertThat(new DatabaseLimits.Usage(6_400, 2_000, 97, 96, 1_500_000_000).warnings()).satisfiesExactly(
                locks -> assertThat(locks).contains("takes 2000 locks").contains("max_locks_per_transaction"),
                connections -> assertThat(connections).contains("96 of 97").contains("max_connections"),
                transactions -> assertThat(transactions).contains("autovacuum"));
    }
}
