package dev.longhaul.query;

import dev.longhaul.operation.OperationId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Sort;
import org.springframework.data.jpa.domain.Specification;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Lists operations, by the moment of their submission.
@Component
public class OperationList {

    public static final int MOST = 200;

    private final OperationRowRepository rows;
    private final JsonMapper json;

    OperationList(OperationRowRepository rows, JsonMapper json) {
        this.rows = rows;
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
        var sort = order == Order.NEWEST_FIRST ? Sort.by("id").descending() : Sort.by("id");
        return rows.findBy(Conditions.of(filter).and(beyond(after, order)), query -> query.sortBy(sort).limit(limit).all())
                .stream().map(row -> row.listed(json)).toList();
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
