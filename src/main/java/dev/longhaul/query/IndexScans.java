package dev.longhaul.query;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Ids of operations in their order, as one index has them.
///
/// That it is read from that index must not depend on what the planner believes: asked for `type = … order by id` it
/// would rather pass by all operations of a day in the order of their ids, on the chance that those of the type come
/// soon. In the order of type and id, and with a range for the type, it has no other choice.
@Component
class IndexScans {

    /// What an index has in order.
    enum Kind { ALL, LIVE, STATUS, TYPE, QUEUE, KEY }

    /// @param value of a status, type, queue or concurrency key: which; null: there is no choice
    record Stream(Kind kind, @Nullable String value) {}

    /// @param low  the lowest id
    /// @param high above the highest id
    record Range(UUID low, UUID high) {

        private static final Range ALL = new Range(new UUID(0, 0), new UUID(-1, -1));

        /// Of the ids that the filter's moments of creation let through.
        static Range of(Filter filter) {
            var range = ALL;
            for (var term : filter.terms()) {
                if (term instanceof Filter.Time time && time.field().equals("created")) {
                    var isLow = switch (time.comparison()) {
                        case ABOVE, AT_LEAST -> true;
                        case BELOW, AT_MOST, EQUAL -> false;
                    };
                    var edge = first(time.comparison() == Filter.Comparison.AT_MOST || time.comparison()
                            == Filter.Comparison.EQUAL ? time.moment().plusMillis(1) : time.moment());
                    range = isLow != time.negated() ? range.from(edge) : range.below(edge);
                }
            }
            return range;
        }

        private static UUID first(Instant moment) {
            return new UUID(moment.toEpochMilli() << 16, 0);
        }

        private Range from(UUID id) {
            return id.toString().compareTo(low.toString()) > 0 ? new Range(id, high) : this;
        }

        private Range below(UUID id) {
            return id.toString().compareTo(high.toString()) < 0 ? new Range(low, id) : this;
        }

        /// Without what was told.
        Range beyond(@Nullable UUID id, ListOrder order) {
            return id == null ? this : order == ListOrder.NEWEST_FIRST ? below(id) : from(after(id));
        }

        Range until(@Nullable UUID id, ListOrder order) {
            return id == null ? this : order == ListOrder.NEWEST_FIRST ? from(id) : below(after(id));
        }

        private static UUID after(UUID id) {
            var low = id.getLeastSignificantBits() + 1;
            return new UUID(id.getMostSignificantBits() + (low == 0 ? 1 : 0), low);
        }
    }

    private static final String ALL_DOWN =
            "select id from operation where id >= :low and id < :high order by id desc offset :skip limit :most";
    private static final String ALL_UP =
            "select id from operation where id >= :low and id < :high order by id offset :skip limit :most";
    private static final String LIVE_DOWN =
            "select id from operation where status in ('pending', 'running', 'waiting') and id >= :low and id < :high order by id desc "
            + "offset :skip limit :most";
    private static final String LIVE_UP =
            "select id from operation where status in ('pending', 'running', 'waiting') and id >= :low and id < :high order by id offset "
            + ":skip limit :most";
    private static final String STATUS_DOWN = """
            select id from operation
            where status in ('failed', 'cancelled') and status >= :value and status <= :value and id >= :low
                and id < :high order by status desc, id desc offset :skip limit :most
            """;
    private static final String STATUS_UP = """
            select id from operation
            where status in ('failed', 'cancelled') and status >= :value and status <= :value and id >= :low
                and id < :high order by status, id offset :skip limit :most
            """;
    private static final String TYPE_DOWN = """
            select id from operation
            where status in ('completed', 'failed', 'cancelled') and type ~>=~ :value and type ~<=~ :value
                and id >= :low and id < :high order by type using ~>~, id desc offset :skip limit :most
            """;
    private static final String TYPE_UP = """
            select id from operation
            where status in ('completed', 'failed', 'cancelled') and type ~>=~ :value and type ~<=~ :value
                and id >= :low and id < :high order by type using ~<~, id offset :skip limit :most
            """;
    private static final String QUEUE_DOWN = """
            select id from operation
            where status in ('completed', 'failed', 'cancelled') and queue ~>=~ :value and queue ~<=~ :value
                and id >= :low and id < :high order by queue using ~>~, id desc offset :skip limit :most
            """;
    private static final String QUEUE_UP = """
            select id from operation
            where status in ('completed', 'failed', 'cancelled') and queue ~>=~ :value and queue ~<=~ :value
                and id >= :low and id < :high order by queue using ~<~, id offset :skip limit :most
            """;
    private static final String KEY_DOWN = """
            select id from operation where concurrency_key is not null
                and status in ('completed', 'failed', 'cancelled')
              and concurrency_key >= :value and concurrency_key <= :value and id >= :low and id < :high
                  order by concurrency_key desc, id desc offset :skip limit :most
            """;
    private static final String KEY_UP = """
            select id from operation where concurrency_key is not null
                and status in ('completed', 'failed', 'cancelled')
              and concurrency_key >= :value and concurrency_key <= :value and id >= :low and id < :high
                  order by concurrency_key, id offset :skip limit :most
            """;

    private final JdbcClient jdbc;

    IndexScans(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<UUID> ids(Stream stream, Range range, ListOrder order, int skip, int most) {
        var isDown = order == ListOrder.NEWEST_FIRST;
        var asked = jdbc.sql(switch (stream.kind) {
            case ALL -> isDown ? ALL_DOWN : ALL_UP;
            case LIVE -> isDown ? LIVE_DOWN : LIVE_UP;
            case STATUS -> isDown ? STATUS_DOWN : STATUS_UP;
            case TYPE -> isDown ? TYPE_DOWN : TYPE_UP;
            case QUEUE -> isDown ? QUEUE_DOWN : QUEUE_UP;
            case KEY -> isDown ? KEY_DOWN : KEY_UP;
        }).param("low", range.low).param("high", range.high).param("skip", skip).param("most", most);
        return (stream.value == null ? asked : asked.param("value", stream.value)).query(UUID.class).list();
    }
}
