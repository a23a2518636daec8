package dev.longhaul.store;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// The keys that callers sent, kept for as long as a caller may repeat a request.
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

    /// Those of requests made more than 24 hours ago; batch by batch, so that no caller waits for long.
    public void forgetOld() {
        while (jdbc.sql(FORGET).param("batch", BATCH).update() == BATCH) {
            Thread.onSpinWait();
        }
    }
}
