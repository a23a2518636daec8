package dev.longhaul.query;

import java.util.Objects;
import java.util.function.Supplier;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/// Runs several statements on one snapshot of the database.
@Component
class Snapshot {

    private final TransactionTemplate snapshot;

    Snapshot(PlatformTransactionManager transactions) {
        this.snapshot = new TransactionTemplate(transactions);
        snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        snapshot.setReadOnly(true);
    }

    <T> T of(Supplier<T> reading) {
        return Objects.requireNonNull(snapshot.execute(_ -> reading.get()));
    }
}
