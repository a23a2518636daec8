package dev.longhaul.library;

import dev.longhaul.store.StepTransactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.PermissionDeniedDataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.DataSourceUtils;
import org.springframework.jdbc.support.SQLExceptionSubclassTranslator;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Statements of Longhaul in a transaction of the application, on its connection.
final class ApplicationTransactions implements StepTransactions {

    /// No right, and no such table: a schema without the right of usage is left out of the search path.
    private static final Set<String> DENIED = Set.of("42501", "42P01");

    private final DataSource application;
    private final TransactionTemplate transaction;
    private final String schema;

    ApplicationTransactions(DataSource application, PlatformTransactionManager transactions, String schema) {
        this.application = application;
        this.transaction = new TransactionTemplate(transactions);
        this.schema = schema;
    }

    @Override
    public DataSource dataSource() {
        return application;
    }

    @Override
    public <T extends @Nullable Object> T execute(TransactionCallback<T> work) {
        return transaction.execute(work);
    }

    /// Whether the caller is in a transaction of the application's DataSource.
    boolean isActive() {
        return TransactionSynchronizationManager.isActualTransactionActive()
                && TransactionSynchronizationManager.hasResource(application);
    }

    /// Longhaul's DataSource stands for the connection of the transaction as long as `statements` run, and the search
    /// path is Longhaul's.
    @Override
    public <T extends @Nullable Object> T join(DataSource longhaul, Supplier<T> statements) {
        var connection = DataSourceUtils.getConnection(application);
        try {
            var searchPath = setSearchPath(connection, schema);
            TransactionSynchronizationManager.bindResource(longhaul, new ConnectionHolder(connection));
            try {
                var result = statements.get();
                setSearchPath(connection, searchPath);   // after a failure the rollback does it
                return result;
            } finally {
                TransactionSynchronizationManager.unbindResource(longhaul);
            }
        } catch (BadSqlGrammarException | PermissionDeniedDataAccessException denied) {
            throw explained(denied);
        } catch (SQLException failure) {
            throw new SQLExceptionSubclassTranslator().translate("set the search path", null, failure);
        } finally {
            DataSourceUtils.releaseConnection(connection, application);
        }
    }

    private RuntimeException explained(DataAccessException failure) {
        return failure.getMostSpecificCause() instanceof SQLException cause && DENIED.contains(cause.getSQLState())
                ? new IllegalStateException("The application's database role may not submit operations within its own "
                + "transactions (" + cause.getMessage() + "). As the owner of schema " + schema
                + ": grant longhaul_service to <role>", failure) : failure;
    }

    private static final String SET_SEARCH_PATH =
            "select current_setting('search_path'), set_config('search_path', ?, true)";

    /// @return the one before
    private static String setSearchPath(Connection connection, String searchPath) throws SQLException {
        try (var statement = connection.prepareStatement(SET_SEARCH_PATH)) {
            statement.setString(1, searchPath);
            try (var row = statement.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }
}
