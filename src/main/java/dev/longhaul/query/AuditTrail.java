package dev.longhaul.query;

import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Changes of operations by people and programs, without the engine's; newest first.
///
/// The history of a busy day has millions of entries. An index by name would slow every change; the cheap index on time
/// finds a span of time. A page scans span by span, backwards, until it is full, the history ends, or the time budget
/// is spent. The next page continues from there.
@Component
public class AuditTrail {

    private static final Duration BUDGET = Duration.ofMillis(100);
    private static final Duration FIRST_SPAN = Duration.ofSeconds(30);
    private static final Duration LONGEST_SPAN = Duration.ofHours(6);   // a busy span may follow a quiet one

    private static final String SPAN = HistoryReader.ENTRIES + """
            where at >= :from and at <= :at and (at, operation_id, seq) < (:at, :id, :seq) and source <> 'engine'
                and event <> 'progress'
              and (:by::text is null or changed_by = :by::text) and (:via::text is null or source = :via::text)
            order by at desc, operation_id desc, seq desc
            limit :limit
            """;

    private final JdbcClient jdbc;
    private final Snapshot snapshot;

    AuditTrail(JdbcClient jdbc, Snapshot snapshot) {
        this.jdbc = jdbc;
        this.snapshot = snapshot;
    }

    /// The end of a page: all its entries are newer.
    ///
    /// @param at time by the database's clock, in microseconds
    public record Place(Instant at, UUID operation, int seq) {

        private static final Pattern TEXT =
                Pattern.compile("(\\d{1,18})\\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\\.(\\d{1,9})");

        /// Older than every entry at or after this time.
        private static Place before(Instant at) {
            return new Place(at, new UUID(0, 0), 0);
        }

        public String text() {
            return (at.getEpochSecond() * 1_000_000 + at.getNano() / 1_000) + "." + operation + "." + seq;
        }

        /// Empty: the text is no place.
        public static Optional<Place> parse(String text) {
            var matcher = TEXT.matcher(text);
            if (!matcher.matches()) {
                return Optional.empty();
            }
            var micros = Long.parseLong(matcher.group(1));
            return Optional.of(new Place(Instant.ofEpochSecond(micros / 1_000_000, micros % 1_000_000 * 1_000),
                    UUID.fromString(matcher.group(2)), Integer.parseInt(matcher.group(3))));
        }
    }

    // The planner's estimate for a span is no better than a generic one, and each plan costs time per partition.
    private static final String PLAN_ONCE = "set local plan_cache_mode = force_generic_plan";

    /// @param next end of this page, where the next one begins; null: there are no more
    public record Page(List<HistoryReader.HistoryEntry> entries, @Nullable Place next) {}

    /// A page may be short or empty although more entries follow: it has the entries found within the time budget of
    /// one call.
    ///
    /// @param since time span before now
    /// @param by    name of the principal; null: any
    /// @param via   source of the change; null: any
    /// @param last  `next` of the page before; null: the first page
    public Page page(Duration since, @Nullable String by, @Nullable String via, @Nullable Place last, int limit) {
        return snapshot.of(() -> {
            jdbc.sql(PLAN_ONCE).update();
            var now = jdbc.sql("select clock_timestamp()").query(OffsetDateTime.class).single().toInstant();
            var oldest = now.minus(since);
            return scan(last == null ? Place.before(now.plusSeconds(1)) : last, oldest, by, via, limit);
        });
    }

    private Page scan(Place newest, Instant oldest, @Nullable String by, @Nullable String via, int limit) {
        var begun = System.nanoTime();
        var found = new ArrayList<HistoryReader.HistoryEntry>();
        var place = newest;
        for (var span = FIRST_SPAN; place.at.isAfter(oldest) && !span.isZero(); span = next(newest, place, begun)) {
            var from = place.at.minus(span).isAfter(oldest) ? place.at.minus(span) : oldest;
            found.addAll(within(from, place, by, via, limit - found.size()));
            if (found.size() == limit) {
                var end = found.getLast();
                return new Page(found, new Place(end.at(), UUID.fromString(end.operationId()), end.seq()));
            }
            place = Place.before(from);
        }
        return new Page(found, place.at.isAfter(oldest) ? place : null);
    }

    private static Duration next(Place newest, Place place, long begun) {
        var next = ScanBudget.next(Duration.between(place.at, newest.at).toMillis(), System.nanoTime() - begun,
                BUDGET.toNanos());
        return Duration.ofMillis(Math.min(next, LONGEST_SPAN.toMillis()));
    }

    private List<HistoryReader.HistoryEntry> within(Instant from, Place place, @Nullable String by, @Nullable String via,
            int limit) {
        return jdbc.sql(SPAN).param("from", from.atOffset(ZoneOffset.UTC))
                .param("at", place.at.atOffset(ZoneOffset.UTC)).param("id", place.operation).param("seq", place.seq)
                .param("by", by).param("via", via).param("limit", limit).query((row, _) -> HistoryReader.entry(row))
                .list();
    }
}
