package dev.longhaul.store;

import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionCallback;

/// The transactions of transactional steps, where they are not Longhaul's own: those of the application that has
/// Longhaul as a library.
public interface StepTransactions {

    /// The DataSource of the step's work.
    DataSource dataSource();

    <T extends @Nullable Object> T execute(TransactionCallback<T> work);

    /// Runs Longhaul's statements in the transaction that is open on this thread.
    ///
    /// @param longhaul the DataSource of the statements
    <T extends @Nullable Object> T join(DataSource longhaul, Supplier<T> statements);
}
