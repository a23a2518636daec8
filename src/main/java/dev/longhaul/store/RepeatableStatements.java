package dev.longhaul.store;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCreator;
import org.springframework.jdbc.core.PreparedStatementSetter;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.SimpleTransactionStatus;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/// Statements and transactions of the stores, each repeated when a row moved: see [MovedRows].
@Configuration(proxyBeanMethods = false)
class RepeatableStatements {

    @Bean
    JdbcTemplate jdbcTemplate(DataSource dataSource, DatabaseProbe probe) {
        return new Statements(dataSource, probe);
    }

    @Bean
    TransactionTemplate transactionTemplate(PlatformTransactionManager transactions, DataSource dataSource) {
        return new Transactions(transactions, dataSource);
    }

    private static final class Statements extends JdbcTemplate {

        private static final String DISK_FULL = "53100";

        private final DatabaseProbe probe;

        Statements(DataSource dataSource, DatabaseProbe probe) {
            super(dataSource);
            this.probe = probe;
        }

        @Override
        protected DataAccessException translateException(String task, @Nullable String sql, SQLException failed) {
            if (DISK_FULL.equals(failed.getSQLState())) {
                probe.sawFull();
            }
            return super.translateException(task, sql, failed);
        }

        @Override
        public <T extends @Nullable Object> T query(PreparedStatementCreator statement,
                @Nullable PreparedStatementSetter parameters, ResultSetExtractor<T> rows) throws DataAccessException {
            return MovedRows.repeat(() -> super.query(statement, parameters, rows));
        }

        @Override
        protected int update(PreparedStatementCreator statement, @Nullable PreparedStatementSetter parameters) {
            return MovedRows.repeat(() -> super.update(statement, parameters));
        }
    }

    private static final class Transactions extends TransactionTemplate {

        private final DataSource dataSource;

        Transactions(PlatformTransactionManager transactions, DataSource dataSource) {
            super(transactions);
            this.dataSource = dataSource;
        }

        @Override
        public <T extends @Nullable Object> T execute(TransactionCallback<T> work) {
            return isJoined() ? work.doInTransaction(new SimpleTransactionStatus(false))
                    : MovedRows.repeat(() -> super.execute(work));
        }

        /// A transaction of the application is open, and its connection stands for ours: see [StepTransactions#join].
        private boolean isJoined() {
            return TransactionSynchronizationManager.getResource(dataSource) instanceof ConnectionHolder holder
                    && !holder.isSynchronizedWithTransaction();
        }
    }
}
