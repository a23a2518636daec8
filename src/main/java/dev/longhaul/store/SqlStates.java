package dev.longhaul.store;

import java.sql.SQLException;
import org.springframework.core.NestedRuntimeException;

/// The SQLSTATE of a failure.
final class SqlStates {

    private static final String NO_CONNECTION = "08003";

    private SqlStates() {
    }

    /// Empty: the failure has none. A pool's connection that was lost earlier fails without one, as a rollback finds.
    static String of(Throwable failed) {
        if (!(failed instanceof NestedRuntimeException nested)
                || !(nested.getMostSpecificCause() instanceof SQLException cause)) {
            return "";
        }
        return "Connection is closed".equals(cause.getMessage()) ? NO_CONNECTION : String.valueOf(cause.getSQLState());
    }
}
