package dev.longhaul.store;

import java.util.Set;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.dao.RecoverableDataAccessException;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.transaction.CannotCreateTransactionException;

/// Tells a database that cannot serve a request now from a fault of the request or the service.
public final class DatabaseOutage {

    /// Connection, too few resources, a lock not available, intervention of an operator, input and output.
    private static final Set<String> CLASSES = Set.of("08", "53", "55", "57", "58");
    private static final String READ_ONLY = "25006";   // a standby, during a failover

    private DatabaseOutage() {
    }

    /// Whether the same statement may succeed later.
    public static boolean isCauseOf(Throwable failed) {
        return switch (failed) {
            case CannotCreateTransactionException _, DataAccessResourceFailureException _,
                 TransientDataAccessException _, RecoverableDataAccessException _ -> true;
            default -> {
                var state = SqlStates.of(failed);
                yield state.equals(READ_ONLY) || state.length() == 5 && CLASSES.contains(state.substring(0, 2));
            }
        };
    }
}
