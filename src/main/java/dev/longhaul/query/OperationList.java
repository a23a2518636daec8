package dev.longhaul.query;

import dev.longhaul.operation.OperationId;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Sort;
import org.springframework.data.jpa.domain.Specification;
import org.springframework.stereotype.Component;

/// Lists operations, newest first.
@Component
public class OperationList {

    public static final int MOST = 200;

    private final OperationRowRepository rows;

    OperationList(OperationRowRepository rows) {
        this.rows = rows;
    }

    /// @param below the last id of the page before; null: the first page
    /// @param limit 1 to 200
    /// @throws IllegalArgumentException if `limit` is anything else
    public List<ListedOperation> page(Filter filter, @Nullable OperationId below, int limit) {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("limit must be between 1 and " + MOST + ", not " + limit);
        }
        return rows.findBy(matching(filter).and(below(below)), query -> query.sortBy(Sort.by("id").descending()).limit(limit).all())
                .stream().map(OperationRow::listed).toList();
    }

    /// How many there are, counted one by one.
    ///
    /// @param below only those with a lower id; null: all
    public long count(Filter filter, @Nullable OperationId below) {
        return rows.count(matching(filter).and(below(below)));
    }

    private static Specification<OperationRow> matching(Filter filter) {
        return Specification.allOf(filter.terms().stream().map(OperationList::matching).toList());
    }

    private static Specification<OperationRow> matching(Filter.Term term) {
        var matching = switch (term) {
            case Filter.Words words -> Specification.anyOf(words.patterns().stream().map(pattern -> fitting(words.field(), pattern)).toList());
            case Filter.Created created -> created(created);
        };
        return term.negated() ? Specification.not(matching) : matching;
    }

    private static Specification<OperationRow> fitting(String field, String pattern) {
        return pattern.endsWith("*")
                ? (row, _, criteria) -> criteria.like(row.get(field), pattern.substring(0, pattern.length() - 1).replaceAll("([\\\\%_])", "\\\\$1") + "%", '\\')
                : (row, _, criteria) -> criteria.equal(row.get(field), pattern);
    }

    /// By the id, whose first 48 bits are the moment: so only the days in question are visited.
    private static Specification<OperationRow> created(Filter.Created created) {
        var lowest = new UUID(created.moment().toEpochMilli() << 16, 0);
        return created.after()
                ? (row, _, criteria) -> criteria.greaterThanOrEqualTo(row.get("id"), lowest)
                : (row, _, criteria) -> criteria.lessThan(row.get("id"), lowest);
    }

    private static Specification<OperationRow> below(@Nullable OperationId id) {
        return id == null ? Specification.unrestricted() : (row, _, criteria) -> criteria.lessThan(row.get("id"), id.value());
    }
}
