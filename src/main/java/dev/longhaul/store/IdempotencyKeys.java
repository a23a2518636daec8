package dev.longhaul.store;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Idempotency keys, kept while a caller may repeat a request.
@Repository
public class IdempotencyKeys {

    private static final int BATCH = 10_000;

    private final JdbcClient jdbc;

    IdempotencyKeys(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    private static final String FORGET = """
            delete from idempotency_key where key in (
                select key from idempotency_key where created_at < now() - interval '24 hours'
                order by created_at limit :batch)
            """;

    /// Deletes keys older than 24 hours, in batches, so that callers do not wait long for locks.
    public void forgetOld() {
        while (jdbc.sql(FORGET).param("batch", BATCH).update() == BATCH) {
            Thread.onSpinWait();
        }
    }
}
