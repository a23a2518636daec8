package dev.longhaul.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Sets a statement's parameters in their order.
final class StatementParameters {

    private final PreparedStatement statement;
    private int index;

    StatementParameters(PreparedStatement statement) {
        this.statement = statement;
    }

    <T> void array(String type, List<T> values, Function<T, @Nullable Object> column) throws SQLException {
        statement.setArray(++index,
                statement.getConnection().createArrayOf(type, values.stream().map(column).toArray()));
    }

    /// @param values texts; null: SQL's null
    void texts(@Nullable Collection<String> values) throws SQLException {
        statement.setArray(++index, values == null
                ? null : statement.getConnection().createArrayOf("text", values.toArray()));
    }

    void integer(int value) throws SQLException {
        statement.setInt(++index, value);
    }
}
