package dev.longhaul.store;

import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCreator;
import org.springframework.jdbc.core.PreparedStatementSetter;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionTemplate;

/// Statements and transactions of the stores, each repeated when a row moved: see [MovedRows].
@Configuration(proxyBeanMethods = false)
class RepeatableStatements {

    @Bean
    JdbcTemplate jdbcTemplate(DataSource dataSource) {
        return new Statements(dataSource);
    }

    @Bean
    TransactionTemplate transactionTemplate(PlatformTransactionManager transactions) {
        return new Transactions(transactions);
    }

    private static final class Statements extends JdbcTemplate {

        Statements(DataSource dataSource) {
            super(dataSource);
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

        Transactions(PlatformTransactionManager transactions) {
            super(transactions);
        }

        @Override
        public <T extends @Nullable Object> T execute(TransactionCallback<T> work) {
            return MovedRows.repeat(() -> super.execute(work));
        }
    }
}
