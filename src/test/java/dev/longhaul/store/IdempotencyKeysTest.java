package dev.longhaul.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.LonghaulTest;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;

@LonghaulTest
class IdempotencyKeysTest {

    @Autowired
    IdempotencyKeys keys;
    @Autowired
    JdbcClient sql;

    @Test
    void keysAreForgottenAfterADayAndNotBefore() {
        sql.sql("""
                insert into idempotency_key (key, operation_id, request_hash, created_at)
                select 'old ' || n, operation_id(), ''::bytea, now() - interval '25 hours'
                    from generate_series(1, 10500) as n
                union all select 'young', operation_id(), ''::bytea, now() - interval '23 hours'""").update();

        keys.forgetOld();

        assertThat(sql.sql("select key from idempotency_key where key like 'old %' or key = 'young'")
                .query(String.class).list()).containsExactly("young");
    }
}
