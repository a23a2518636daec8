package dev.longhaul.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Fills in a statement's parameters in their order.
final class Parameters {

    private final PreparedStatement statement;
    private int index;

    Parameters(PreparedStatement statement) {
        this.statement = statement;
    }

    <T> void array(String type, List<T> values, Function<T, @Nullable Object> column) throws SQLException {
        statement.setArray(++index, statement.getConnection().createArrayOf(type, values.stream().map(column).toArray()));
    }

    void text(String value) throws SQLException {
        statement.setString(++index, value);
    }

    void integer(int value) throws SQLException {
        statement.setInt(++index, value);
    }

    void uuid(UUID value) throws SQLException {
        statement.setObject(++index, value);
    }
}
