package dev.longhaul.store;

import java.sql.SQLException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/// The one place where work is tried again because a row moved.
///
/// An operation that ends or is retried moves to another partition. A statement that waited for the lock of its row then
/// gets SQLSTATE 40001 instead of a second look at the row. Nothing of it has happened, so it is repeated: once finds
/// the row where it is, and a statement of many rows may meet others that move.
final class MovedRows {

    private static final String MOVED = "40001";
    private static final int REPETITIONS = 5;

    private MovedRows() {
    }

    /// @param work a statement that commits by itself, or a whole transaction
    static <T extends @Nullable Object> T repeat(Supplier<T> work) {
        var isPart = TransactionSynchronizationManager.isActualTransactionActive();   // then the whole is repeated
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
