package dev.longhaul.store;

import java.sql.SQLException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// Repeats statements and transactions that failed because a row moved to another partition.
///
/// An operation that finishes or is retried moves to another partition. A statement that waited for the lock of its row
/// then fails with SQLSTATE 40001. None of its changes are kept, so it is repeated. One repetition finds a moved row; a
/// statement of many rows may meet several moves.
final class MovedRows {

    private static final String MOVED = "40001";
    private static final int REPETITIONS = 5;

    private MovedRows() {
    }

    /// @param work a statement that commits by itself, or a whole transaction
    static <T extends @Nullable Object> T repeat(Supplier<T> work) {
        // Within a transaction the whole transaction is repeated.
        var isPart = TransactionSynchronizationManager.isActualTransactionActive();
        for (var left = isPart ? 0 : REPETITIONS; ; left--) {
            try {
                return work.get();
            } catch (DataAccessException failed) {
                if (left == 0 || !isMove(failed)) {
                    throw failed;
                }
            }
        }
    }

    private static boolean isMove(DataAccessException failed) {
        return failed.getMostSpecificCause() instanceof SQLException cause && MOVED.equals(cause.getSQLState());
    }
}
