package dev.longhaul.query;

import dev.longhaul.operation.OperationId;
import dev.longhaul.operation.Status;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Sort;
import org.springframework.data.jpa.domain.Specification;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/// Lists operations, by the moment of their submission.
@Component
public class OperationList {

    public static final int MOST = 200;

    private static final Set<String> INDEXED_ONCE_OVER = Set.of("type", "queue");

    // A plan is made for every partition there is: that takes longer than to carry it out.
    private static final String PLANNED_ONCE = "set local plan_cache_mode = force_generic_plan";

    private final OperationRowRepository rows;
    private final JdbcClient jdbc;
    private final TransactionTemplate snapshot;
    private final JsonMapper json;

    OperationList(OperationRowRepository rows, JdbcClient jdbc, PlatformTransactionManager transactions, JsonMapper json) {
        this.rows = rows;
        this.jdbc = jdbc;
        this.snapshot = new TransactionTemplate(transactions);
        snapshot.setIsolationLevel(TransactionDefinition.ISOLATION_REPEATABLE_READ);
        snapshot.setReadOnly(true);
        this.json = json;
    }

    /// Newest first.
    ///
    /// @param below the last id of the page before; null: the first page
    /// @param limit 1 to 200
    /// @throws IllegalArgumentException if `limit` is anything else
    public List<ListedOperation> page(Filter filter, @Nullable OperationId below, int limit) {
        return page(filter, Order.NEWEST_FIRST, below, limit);
    }

    /// @param after the last id of the page before; null: the first page
    /// @throws IllegalArgumentException if `limit` is not 1 to 200
    public List<ListedOperation> page(Filter filter, Order order, @Nullable OperationId after, int limit) {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("limit must be between 1 and " + MOST + ", not " + limit);
        }
        var live = EnumSet.noneOf(Status.class);
        var over = EnumSet.noneOf(Status.class);
        filter.statuses().forEach(status -> (status.isFinal() ? over : live).add(status));
        var found = live.isEmpty() || over.isEmpty() || !filter.names(INDEXED_ONCE_OVER) ? rows(filter, order, after, limit) : merged(List.of(live, over), filter, order, after, limit);
        return found.stream().map(row -> row.listed(json)).toList();
    }

    /// Live and finished operations by themselves, each by its own index, as of one moment: none is missed that ends or is run again in between.
    private List<OperationRow> merged(List<Set<Status>> parts, Filter filter, Order order, @Nullable OperationId after, int limit) {
        var found = Objects.requireNonNull(snapshot.execute(_ -> {
            if (filter.isPlain()) {
                jdbc.sql(PLANNED_ONCE).update();
            }
            return parts.stream().flatMap(part -> rows(filter.and(Filter.of(part, null)), order, after, limit).stream()).toList();
        }));
        var byId = Comparator.comparing(OperationRow::id);
        return found.stream().sorted(order == Order.NEWEST_FIRST ? byId.reversed() : byId).limit(limit).toList();
    }

    private List<OperationRow> rows(Filter filter, Order order, @Nullable OperationId after, int limit) {
        var sort = order == Order.NEWEST_FIRST ? Sort.by("id").descending() : Sort.by("id");
        return rows.findBy(Conditions.of(filter).and(beyond(after, order)), query -> query.sortBy(sort).limit(limit).all());
    }

    /// How many there are, counted one by one.
    ///
    /// @param below only those with a lower id; null: all
    public long count(Filter filter, @Nullable OperationId below) {
        return rows.count(Conditions.of(filter).and(beyond(below, Order.NEWEST_FIRST)));
    }

    private static Specification<OperationRow> beyond(@Nullable OperationId id, Order order) {
        if (id == null) {
            return Specification.unrestricted();
        }
        return order == Order.NEWEST_FIRST
                ? (row, _, criteria) -> criteria.lessThan(row.get("id"), id.value())
                : (row, _, criteria) -> criteria.greaterThan(row.get("id"), id.value());
    }
}
