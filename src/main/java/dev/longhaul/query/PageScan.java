package dev.longhaul.query;

import dev.longhaul.operation.Status;
import dev.longhaul.store.CountStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.hibernate.query.criteria.HibernateCriteriaBuilder;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.Sort;
import org.springframework.data.jpa.domain.Specification;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Finds a page of a filter that no index answers, without looking at all there is: stretch by stretch of the ids,
/// until the page is full, the end is reached, or it has looked for long enough.
///
/// How far a stretch goes an index tells, see [AccessPaths]. All of the filter that lies within is then fetched by
/// whatever costs the database least, and not in the order of ids, which would tempt it to pass by everything else on
/// the chance that what is wanted comes soon.
@Component
class PageScan {

    private static final Duration LONG_ENOUGH = Duration.ofMillis(25);
    // a page that is empty and leads on is a nuisance to who reads it
    private static final Duration LONG_ENOUGH_FOR_NONE = Duration.ofMillis(100);
    private static final int FIRST_STRETCH = 2_000;

    // A plan is made for every partition there is: that takes longer than to carry it out.
    static final String PLANNED_ONCE = "set local plan_cache_mode = force_generic_plan";
    // Where a stretch begins and ends decides by which index to look.
    private static final String PLANNED_EACH_TIME = "set local plan_cache_mode = force_custom_plan";

    private final OperationRowRepository rows;
    private final Selectivity selectivity;
    private final CountStore counters;
    private final IndexScans streams;
    private final JdbcClient jdbc;

    PageScan(OperationRowRepository rows, Selectivity selectivity, CountStore counters, IndexScans streams,
            JdbcClient jdbc) {
        this.rows = rows;
        this.selectivity = selectivity;
        this.counters = counters;
        this.streams = streams;
        this.jdbc = jdbc;
    }

    /// @param next the id beyond which to go on; null: there is no more
    record Found(List<OperationRow> rows, @Nullable UUID next) {}

    /// What is not over and what is by themselves, where an index has only the latter.
    List<AccessPaths> parts(Filter filter) {
        var statuses = filter.statuses();
        var isMixed = statuses.stream().map(Status::isFinal).distinct().count() == 2;
        return isMixed && filter.terms().stream().anyMatch(AccessPaths::isIndexedOnceOver)
                ? List.of(AccessPaths.through(filter.and(AccessPaths.among(false)), this::named),
                AccessPaths.through(filter.and(AccessPaths.among(true)), this::named))
                : List.of(AccessPaths.through(filter, this::named));
    }

    private List<String> named(Filter.Words words) {
        return switch (words.field()) {
            case "type" -> counters.counts().stream().map(CountStore.Count::type).distinct()
                    .filter(type -> FilterMatcher.fits(words.patterns(), type)).toList();
            case "queue" -> counters.counts().stream().map(CountStore.Count::queue).distinct()
                    .filter(queue -> FilterMatcher.fits(words.patterns(), queue)).toList();
            default -> words.patterns();
        };
    }

    /// Within one transaction that sees one moment: none is missed that ends or is run again in between.
    Found page(List<AccessPaths> parts, Filter filter, ListOrder order, @Nullable UUID after, int limit) {
        var isPlannedOnce = filter.isPlain() && parts.stream().allMatch(part -> part.isStraight() || part.isLive());
        jdbc.sql(isPlannedOnce ? PLANNED_ONCE : PLANNED_EACH_TIME).update();
        var isFew = !isPlannedOnce && selectivity.isFew(filter);
        var begun = System.nanoTime();
        var found = new ArrayList<OperationRow>();
        var from = after;
        var passed = 0L;
        for (var stretch = FIRST_STRETCH; ; ) {
            var until = isFew ? null : end(parts, order, from, stretch, isPlannedOnce);
            found.addAll(within(parts, order, from, until, limit - found.size()));
            if (found.size() == limit) {
                return new Found(found, found.getLast().key());
            }
            if (until == null) {
                return new Found(found, null);
            }
            from = until;
            passed += stretch;
            stretch = (int) ScanBudget.next(passed, System.nanoTime() - begun,
                    (found.isEmpty() ? LONG_ENOUGH_FOR_NONE : LONG_ENOUGH).toNanos());
            if (stretch == 0) {
                return new Found(found, from);
            }
        }
    }

    /// The last id of the stretch; null: it has the rest. A part that is found straight is bounded by its limit.
    private @Nullable UUID end(List<AccessPaths> parts, ListOrder order, @Nullable UUID from, int stretch,
            boolean isPlannedOnce) {
        if (!isPlannedOnce) {
            jdbc.sql(PLANNED_ONCE).update();
        }
        Comparator<UUID> byId = Comparator.comparing(UUID::toString);
        var nearest = order == ListOrder.NEWEST_FIRST ? byId.reversed() : byId;
        var ends = new ArrayList<UUID>();
        for (var part : parts) {
            if (!part.isStraight()) {
                var range = IndexScans.Range.of(part.filter()).beyond(from, order);
                var byWay = part.ways().stream()
                        .map(way -> way.stream().flatMap(stream -> streams.ids(stream, range, order, stretch - 1, 1)
                        .stream()).min(nearest)).toList();
                if (byWay.stream().allMatch(Optional::isPresent)) {   // otherwise one of its ways is at its end
                    ends.add(byWay.stream().map(Optional::orElseThrow).max(nearest).orElseThrow());
                }
            }
        }
        if (!isPlannedOnce) {
            jdbc.sql(PLANNED_EACH_TIME).update();
        }
        return ends.stream().min(nearest).orElse(null);
    }

    private List<OperationRow> within(List<AccessPaths> parts, ListOrder order, @Nullable UUID from,
            @Nullable UUID until, int limit) {
        var byId = Comparator.comparing(OperationRow::id);
        return parts.stream()
                .flatMap(part -> (part.isStraight() ? straight(part, order, from, until, limit) : fetched(part.filter(),
                order, from, until, limit)).stream())
                .sorted(order == ListOrder.NEWEST_FIRST ? byId.reversed() : byId).limit(limit).toList();
    }

    /// First the ids, then their rows: the ids lie in the index, the rows anywhere.
    private List<OperationRow> straight(AccessPaths part, ListOrder order, @Nullable UUID from, @Nullable UUID until,
            int limit) {
        var ids = streams.ids(part.stream(), IndexScans.Range.of(part.filter()).beyond(from, order).until(until, order),
                order, 0, limit);
        if (ids.isEmpty()) {
            return List.of();
        }
        var lowest = order == ListOrder.NEWEST_FIRST ? ids.getLast() : ids.getFirst();
        var highest = order == ListOrder.NEWEST_FIRST ? ids.getFirst() : ids.getLast();
        return rows.findBy((row, _, builder) -> {
            var criteria = (HibernateCriteriaBuilder) builder;
            var isOne = criteria.isTrue(criteria.sql("(id = any(?))", Boolean.class,
                    criteria.value(ids.toArray(UUID[]::new))));
            // the former says which days to visit
            return criteria.and(criteria.between(row.<UUID>get("id"), lowest, highest), isOne);
        }, query -> query.all());
    }

    /// In the order of ids, of all there are or of all that are not over.
    List<OperationRow> ordered(Filter filter, ListOrder order, @Nullable UUID from, int limit) {
        var sort = order == ListOrder.NEWEST_FIRST ? Sort.by("id").descending() : Sort.by("id");
        return rows.findBy(range(filter, order, from, null), query -> query.sortBy(sort).limit(limit).all());
    }

    /// As uuid_send() the ids are in the same order, which no index has.
    private List<OperationRow> fetched(Filter filter, ListOrder order, @Nullable UUID from, @Nullable UUID until,
            int limit) {
        return rows.findBy(range(filter, order, from, until).and((_, query, builder) -> {
            var bytes = ((HibernateCriteriaBuilder) builder).sql("uuid_send(id)", byte[].class);
            Objects.requireNonNull(query).orderBy(order == ListOrder.NEWEST_FIRST
                    ? builder.desc(bytes) : builder.asc(bytes));
            return null;
        }), query -> query.limit(limit).all());
    }

    private static Specification<OperationRow> range(Filter filter, ListOrder order, @Nullable UUID from,
            @Nullable UUID until) {
        var range = FilterSql.of(filter).and(beyond(from, order));
        if (until == null) {
            return range;
        }
        return range.and(order == ListOrder.NEWEST_FIRST
                ? (row, _, criteria) -> criteria.greaterThanOrEqualTo(row.get("id"), until)
                : (row, _, criteria) -> criteria.lessThanOrEqualTo(row.get("id"), until));
    }

    static Specification<OperationRow> beyond(@Nullable UUID id, ListOrder order) {
        if (id == null) {
            return Specification.unrestricted();
        }
        return order == ListOrder.NEWEST_FIRST
                ? (row, _, criteria) -> criteria.lessThan(row.get("id"), id)
                : (row, _, criteria) -> criteria.greaterThan(row.get("id"), id);
    }
}
