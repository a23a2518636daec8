package dev.longhaul.query;

import dev.longhaul.operation.Text;
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

/// How many operations a list has on all its pages. It never costs a look at ten million rows: the counters know it, or
/// the database's planner says about how many, or it is counted for so long as a person would wait.
@Component
public class Counts {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final OperationCounts counts;
    private final OperationList list;
    private final EntityManagerFactory factory;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;
    private final JsonMapper json;
    private final Duration patience;

    @Autowired
    Counts(OperationCounts counts, OperationList list, EntityManagerFactory factory, JdbcClient jdbc,
            PlatformTransactionManager transactions, JsonMapper json) {
        this(counts, list, factory, jdbc, transactions, json, PATIENCE);
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

    /// @param isEstimate true: about so many
    public record Total(long size, boolean isEstimate) {}

    /// How precisely somebody wants to know it.
    public enum Precision {
        NONE, ESTIMATED, EXACT;

        /// @throws IllegalArgumentException if there is no such word
        public static Precision parse(String word) {
            return switch (word) {
                case "none" -> NONE;
                case "estimated" -> ESTIMATED;
                case "exact" -> EXACT;
                default -> throw new IllegalArgumentException("count must be none, estimated or exact, not "
                        + Text.quoted(word));
            };
        }

        /// For a list that is known to have so many.
        public @Nullable Total of(long size) {
            return this == NONE ? null : new Total(size, false);
        }
    }

    /// @param seen there are at least so many
    /// @return null: nobody wants to know
    public @Nullable Total of(Filter filter, Precision precision, int seen) {
        if (precision == Precision.NONE) {
            return null;
        }
        if (counts.knows(filter)) {
            return new Total(counts.of(filter).values().stream().mapToLong(Long::longValue).sum(), false);
        }
        if (precision == Precision.EXACT) {
            try {
                return new Total(counted(filter), false);
            } catch (QueryTimeoutException tooMany) {
                // about how many, then
            }
        }
        return new Total(Math.max(seen, planned(filter)), true);
    }

    private static final String BE_PATIENT = "select set_config('statement_timeout', :patience, true)";

    private long counted(Filter filter) {
        return Objects.requireNonNull(transaction.execute(_ -> {
            jdbc.sql(BE_PATIENT).param("patience", patience.toMillis() + "ms").query(String.class).single();
            return list.count(filter, null);
        }));
    }

    /// What the planner expects of the very query: it is asked to explain it, and answers with a row that is one text.
    private long planned(Filter filter) {
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
