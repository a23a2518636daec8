package dev.longhaul.query;

import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Text;
import dev.longhaul.store.DatabaseSettings;
import jakarta.persistence.EntityManagerFactory;
import java.time.Duration;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.hibernate.SessionFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// The total size of a list. No total reads ten million rows: it comes from the counters, from the planner's estimate,
/// or from a count with a time limit.
@Component
public class Counts {

    private final OperationCounts counts;
    private final OperationList list;
    private final EntityManagerFactory factory;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final JsonMapper json;
    private final Duration patience;

    @Autowired
    Counts(OperationCounts counts, OperationList list, EntityManagerFactory factory, JdbcClient jdbc,
            PlatformTransactionManager transactions, JsonMapper json, DatabaseSettings settings) {
        this(counts, list, factory, jdbc, transactions, json, settings.statementTimeout());
    }

    Counts(OperationCounts counts, OperationList list, EntityManagerFactory factory, JdbcClient jdbc,
            PlatformTransactionManager transactions, JsonMapper json, Duration patience) {
        this.counts = counts;
        this.list = list;
        this.factory = factory;
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactions);
        transaction.setReadOnly(true);
        this.json = json;
        this.patience = patience;
    }

    /// @param isEstimate true: the size is approximate
    public record Total(long size, boolean isEstimate) {}

    /// Requested precision of a total.
    public enum Precision {
        NONE, ESTIMATED, EXACT;

        /// @throws IllegalArgumentException if the text is no precision
        public static Precision parse(String word) {
            return switch (word) {
                case "none" -> NONE;
                case "estimated" -> ESTIMATED;
                case "exact" -> EXACT;
                default -> throw new IllegalArgumentException("count must be none, estimated or exact, not "
                        + Text.quoted(word));
            };
        }

        /// Total of a list of known size.
        public @Nullable Total of(long size) {
            return this == NONE ? null : new Total(size, false);
        }
    }

    /// @param seen lower bound of the total
    /// @return null: no total was requested
    public @Nullable Total of(Filter filter, Precision precision, int seen) {
        if (precision == Precision.NONE) {
            return null;
        }
        if (counts.knows(filter)) {
            return new Total(counts.of(filter).values().stream().mapToLong(Long::longValue).sum(), false);
        }
        return precision == Precision.EXACT ? before(null, filter, seen)
                : new Total(Math.max(seen, estimated(filter)), true);
    }

    /// The number of operations, or an estimate if they are too many to count in time.
    ///
    /// @param below upper bound of the ids, exclusive; null: none
    /// @param seen  lower bound of an estimate
    public Total before(@Nullable OperationId below, Filter filter, int seen) {
        try {
            return new Total(counted(filter, below), false);
        } catch (QueryTimeoutException tooMany) {
            return new Total(Math.max(seen, estimated(filter)), true);
        }
    }

    private static final String SET_TIMEOUT = "select set_config('statement_timeout', :patience, true)";

    private long counted(Filter filter, @Nullable OperationId below) {
        return Objects.requireNonNull(transaction.execute(_ -> {
            jdbc.sql(SET_TIMEOUT).param("patience", patience.toMillis() + "ms").query(String.class).single();
            return list.count(filter, below);
        }));
    }

    /// The planner's estimate of the rows of this query: EXPLAIN returns one row with one JSON text.
    private long estimated(Filter filter) {
        UnaryOperator<String> explaining = sql -> "explain (format json) " + sql;
        try (var session = factory.unwrap(SessionFactory.class).withOptions().statementInspector(explaining)
                .openSession()) {
            var criteria = session.getCriteriaBuilder();
            var query = criteria.createQuery(String.class);
            var row = query.from(OperationRow.class);
            query.select(row.get("type")).where(FilterSql.of(filter).toPredicate(row, query, criteria));
            return json.readTree(session.createQuery(query).getSingleResult()).at("/0/Plan/Plan Rows").asLong();
        }
    }
}
