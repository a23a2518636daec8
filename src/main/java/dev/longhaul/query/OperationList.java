package dev.longhaul.query;

import dev.longhaul.operation.OperationId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.QueryTimeoutException;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Lists operations by time of submission.
@Component
public class OperationList {

    public static final int MOST = 200;

    private final OperationRowRepository rows;
    private final PageScan scan;
    private final Snapshot snapshot;
    private final JsonMapper json;

    OperationList(OperationRowRepository rows, PageScan scan, Snapshot snapshot, JsonMapper json) {
        this.rows = rows;
        this.scan = scan;
        this.snapshot = snapshot;
        this.json = json;
    }

    /// A page of operations. It may be short or empty although more follow: without an index, a page has the matches
    /// found in the part that one call scans.
    ///
    /// @param next id at which the next page begins; null: there are no more
    public record Page(List<ListedOperation> operations, @Nullable OperationId next) {}

    /// @param after `next` of the page before; null: the first page
    /// @param limit 1 to 200
    /// @throws IllegalArgumentException if `limit` is out of range
    public Page page(Filter filter, ListOrder order, @Nullable OperationId after, int limit) {
        if (limit < 1 || limit > MOST) {
            throw new IllegalArgumentException("limit must be between 1 and " + MOST + ", not " + limit);
        }
        if (filter.statuses().isEmpty()) {
            return new Page(List.of(), null);   // the terms contradict each other
        }
        var from = after == null ? null : after.value();
        var found = snapshot.of(() -> scan.page(filter, order, from, limit));
        return new Page(listed(found.rows()), found.next() == null ? null : new OperationId(found.next()));
    }

    private List<ListedOperation> listed(List<OperationRow> found) {
        return found.stream().map(row -> row.listed(json)).toList();
    }

    /// Newest first. Reads further pages until `limit` operations are found, the list ends, or the time is up.
    ///
    /// @param below    `next` of the page before; null: the first page
    /// @param patience time after which no further page is read
    public Page filled(Filter filter, @Nullable OperationId below, int limit, Duration patience) {
        var until = System.nanoTime() + patience.toNanos();
        var found = new ArrayList<ListedOperation>();
        var next = below;
        do {
            var page = page(filter, ListOrder.NEWEST_FIRST, next, limit - found.size());
            found.addAll(page.operations);
            next = page.next;
        } while (next != null && found.size() < limit && System.nanoTime() < until);
        return new Page(found, next);
    }

    /// Counts the operations one by one.
    ///
    /// @param below upper bound of the ids, exclusive; null: none
    /// @throws CountTimeout if the statement timeout ends the count
    public long count(Filter filter, @Nullable OperationId below) {
        try {
            return rows.count(FilterSql.of(filter)
                    .and(PageScan.beyond(below == null ? null : below.value(), ListOrder.NEWEST_FIRST)));
        } catch (QueryTimeoutException tooMany) {
            throw new CountTimeout(tooMany);
        }
    }
}
