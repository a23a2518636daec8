package dev.longhaul.store;

import java.sql.SQLException;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// The one place where work is tried again because a row moved.
///
/// An operation that ends or is retried moves to another partition. A statement that waited for the lock of its row then
/// gets SQLSTATE 40001 instead of a second look at the row. Nothing of it has happened, so it is repeated, once.
final class MovedRows {

    private static final String MOVED = "40001";

    private MovedRows() {
    }

    /// @param work a statement that commits by itself, or a whole transaction
    static <T> T repeatOnce(Supplier<T> work) {
        if (TransactionSynchronizationManager.isActualTransactionActive()) {
            return work.get();   // the transaction as a whole is repeated
        }
        try {
            return work.get();
        } catch (DataAccessException failed) {
            if (failed.getMostSpecificCause() instanceof SQLException cause && MOVED.equals(cause.getSQLState())) {
                return work.get();
            }
            throw failed;
        }
    }
}
