package dev.longhaul.query;

import dev.longhaul.operation.Status;
import jakarta.persistence.criteria.Order;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.hibernate.query.criteria.HibernateCriteriaBuilder;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Sort;
import org.springframework.data.jpa.domain.Specification;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Finds a page of a list without reading all operations. It reads window by window of the time of submission, until
/// the page is full, the operations end, or the time budget is spent. Each window is at most four times as wide as all
/// windows before it.
///
/// An id is a UUIDv7, so a window of time is a range of ids. PostgreSQL plans each window anew and chooses the index: a
/// wide window of a rare type, tag or key reads little. Without an index a window is read whole, and the pace of the
/// windows before it bounds its width.
@Component
class PageScan {

    private static final Duration BUDGET = Duration.ofMillis(25);
    /// A client that reads an empty page must send another request, so an empty page may take longer.
    private static final Duration BUDGET_OF_EMPTY_PAGE = Duration.ofMillis(100);
    private static final Duration FIRST_WINDOW = Duration.ofSeconds(10);
    private static final Set<Status> LIVE = EnumSet.of(Status.PENDING, Status.RUNNING, Status.WAITING);

    // The bounds of a window decide which partitions and which index are read.
    private static final String PLAN_EACH_TIME = "set local plan_cache_mode = force_custom_plan";

    private final OperationRowRepository rows;
    private final JdbcClient jdbc;

    PageScan(OperationRowRepository rows, JdbcClient jdbc) {
        this.rows = rows;
        this.jdbc = jdbc;
    }

    /// @param next id at which the next page begins; null: there are no more operations
    record Found(List<OperationRow> rows, @Nullable UUID next) {}

    /// Call within one transaction with a snapshot: an operation that changes its status between two windows is neither
    /// missed nor listed twice.
    ///
    /// @param after `next` of the page before; null: the first page
    Found page(Filter filter, ListOrder order, @Nullable UUID after, int limit) {
        if (isInOrderOfIds(filter)) {
            var found = first(filter, order, after, limit);
            return new Found(found, found.size() < limit ? null : found.getLast().key());
        }
        jdbc.sql(PLAN_EACH_TIME).update();
        var begun = System.nanoTime();
        var found = new ArrayList<OperationRow>();
        var scanned = 0L;
        var width = FIRST_WINDOW.toMillis();
        for (var from = after; ; ) {
            var until = endOfTime(filter, order, from, width);
            if (until == null) {
                return new Found(found, null);
            }
            found.addAll(window(filter, order, from, until, limit - found.size()));
            if (found.size() == limit) {
                return new Found(found, found.getLast().key());
            }
            from = until;
            scanned += width;
            var budget = found.isEmpty() ? BUDGET_OF_EMPTY_PAGE : BUDGET;
            width = ScanBudget.next(scanned, System.nanoTime() - begun, budget.toNanos());
            if (width == 0) {
                return new Found(found, from);
            }
        }
    }

    /// True for all operations, or all unfinished ones, of a span of time: the index of ids has them in the order of
    /// the list.
    private static boolean isInOrderOfIds(Filter filter) {
        var statuses = filter.statuses();
        return (statuses.equals(LIVE) || statuses.size() == Status.values().length)
                && filter.terms().stream().allMatch(PageScan::isTimeOrStatus);
    }

    private static boolean isTimeOrStatus(Filter.Term term) {
        return term instanceof Filter.Time time && time.field().equals("created")
                || term instanceof Filter.Words words && words.field().equals("status");
    }

    /// The last id within `millis` milliseconds from the next operation on; null: there is none.
    private @Nullable UUID endOfTime(Filter filter, ListOrder order, @Nullable UUID from, long millis) {
        var created = new Filter(filter.terms().stream()
                .filter(term -> term instanceof Filter.Time && isTimeOrStatus(term)).toList());
        return first(created, order, from, 1).stream().map(next -> order.after(next.key(), millis)).findFirst()
                .orElse(null);
    }

    /// In the order of ids, which the planner may then follow.
    private List<OperationRow> first(Filter filter, ListOrder order, @Nullable UUID after, int limit) {
        var sort = order == ListOrder.NEWEST_FIRST ? Sort.by("id").descending() : Sort.by("id");
        return rows.findBy(FilterSql.of(filter).and(beyond(after, order)),
                query -> query.sortBy(sort).limit(limit).all());
    }

    /// Sorts by the bytes of the id, in the same order as the id itself. No index has that order, so PostgreSQL cannot
    /// choose to scan all ids of the window for a few matches.
    private List<OperationRow> window(Filter filter, ListOrder order, @Nullable UUID from, UUID until, int limit) {
        return rows.findBy(FilterSql.of(filter).and(beyond(from, order)).and(before(until, order)).and(
                (_, query, builder) -> {
                    Objects.requireNonNull(query).orderBy(byBytes((HibernateCriteriaBuilder) builder, order));
                    return null;
                }), query -> query.limit(limit).all());
    }

    private static Order byBytes(HibernateCriteriaBuilder builder, ListOrder order) {
        var bytes = builder.sql("uuid_send(id)", byte[].class);
        return order == ListOrder.NEWEST_FIRST ? builder.desc(bytes) : builder.asc(bytes);
    }

    /// The ids that a list in this order has after `id`.
    static Specification<OperationRow> beyond(@Nullable UUID id, ListOrder order) {
        if (id == null) {
            return Specification.unrestricted();
        }
        return order == ListOrder.NEWEST_FIRST
                ? (row, _, criteria) -> criteria.lessThan(row.get("id"), id)
                : (row, _, criteria) -> criteria.greaterThan(row.get("id"), id);
    }

    /// The ids up to and including `id`.
    private static Specification<OperationRow> before(UUID id, ListOrder order) {
        return order == ListOrder.NEWEST_FIRST
                ? (row, _, criteria) -> criteria.greaterThanOrEqualTo(row.get("id"), id)
                : (row, _, criteria) -> criteria.lessThanOrEqualTo(row.get("id"), id);
    }
}
