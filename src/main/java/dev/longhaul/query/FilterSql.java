package dev.longhaul.query;

import dev.longhaul.operation.Status;
import jakarta.persistence.criteria.CriteriaBuilder;
import jakarta.persistence.criteria.Expression;
import jakarta.persistence.criteria.Predicate;
import jakarta.persistence.criteria.Root;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hibernate.query.criteria.HibernateCriteriaBuilder;
import org.springframework.data.jpa.domain.Specification;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// Converts a filter to SQL. Every value is a bound parameter, except statuses: the planner matches only literals to
/// partial indexes. A term about a missing value is false, never unknown, so that its negation is true.
final class FilterSql {

    private static final JsonMapper json = new JsonMapper();

    private final Root<OperationRow> row;
    private final HibernateCriteriaBuilder criteria;

    private FilterSql(Root<OperationRow> row, CriteriaBuilder criteria) {
        this.row = row;
        this.criteria = (HibernateCriteriaBuilder) criteria;
    }

    static Specification<OperationRow> of(Filter filter) {
        return among(filter.statuses())
                .and(Specification.allOf(filter.terms().stream()
                .filter(term -> !isOfStatus(term)).<Specification<OperationRow>>map(term -> (row, _, criteria) -> {
            var condition = new FilterSql(row, criteria).of(term);
            return term.negated() ? criteria.not(condition) : condition;
        }).toList()));
    }

    private static boolean isOfStatus(Filter.Term term) {
        return term instanceof Filter.Words words && words.field().equals("status");
    }

    /// Adds the conditions that partial indexes need: the statuses as literals, and whether they are final.
    static Specification<OperationRow> among(Set<Status> statuses) {
        var isOver = statuses.stream().map(Status::isFinal).distinct().toList();
        return (row, _, builder) -> {
            var criteria = (HibernateCriteriaBuilder) builder;
            var condition = criteria.conjunction();
            if (isOver.size() == 1) {
                condition = isOver.getFirst()
                        ? criteria.isNotNull(row.get("finishedAt")) : criteria.isNull(row.get("finishedAt"));
            }
            var all = EnumSet.allOf(Status.class);
            all.removeIf(status -> isOver.size() == 1 && status.isFinal() != isOver.getFirst());
            if (statuses.containsAll(all)) {
                return condition;
            }
            var words = statuses.stream().map(status -> "'" + status.word() + "'").collect(Collectors.joining(", "));
            return criteria.and(condition, statuses.isEmpty() ? criteria.disjunction()
                    : criteria.isTrue(criteria.sql("(status in (" + words + "))", Boolean.class)));
        };
    }

    private Predicate of(Filter.Term term) {
        return switch (term) {
            case Filter.Words words -> any(words.patterns().stream().map(pattern -> word(words.field(), pattern)));
            case Filter.Member member ->
                    any(member.patterns().stream().map(pattern -> member(member.column(), member.path(), pattern)));
            case Filter.Time time -> time.field().equals("created") ? created(time) : time(time);
            case Filter.Amount amount -> amount(amount);
        };
    }

    private Predicate any(Stream<Predicate> conditions) {
        return criteria.or(conditions.toArray(Predicate[]::new));
    }

    private Predicate word(String field, String pattern) {
        return switch (field) {
            case "queue", "type" -> fitting(row.get(field), pattern);
            case "id" -> criteria.equal(row.get("id"), UUID.fromString(pattern));
            case "parent" -> known(row.get("parentId"), criteria.equal(row.get("parentId"), UUID.fromString(pattern)));
            case "rerun_of" -> criteria.isTrue(criteria.sql("(rerun_of is not null and rerun_of = ?)", Boolean.class,
                    criteria.value(UUID.fromString(pattern))));
            case "paused" -> criteria.equal(row.get("paused"), Boolean.valueOf(pattern));
            case "tag" -> pattern.endsWith("*")
                    ? criteria.isTrue(criteria.sql("(exists (select from unnest(tags) as one (tag) where "
                    + "starts_with(tag, ?)))", Boolean.class,
                            criteria.value(pattern.substring(0, pattern.length() - 1))))
                    : criteria.isTrue(criteria.sql("(tags @> array[cast(? as text)] and tags <> '{}')", Boolean.class,
                    criteria.value(pattern)));
            case "waits_for" -> fitting(criteria.sql("coalesce(waits_for, '')", String.class), pattern);
            case "key" -> pattern.endsWith("*")
                    ? fitting(criteria.sql("coalesce(concurrency_key, '')", String.class), pattern)
                    : criteria.isTrue(criteria.sql("(concurrency_key is not null and concurrency_key = ?)",
                    Boolean.class, criteria.value(pattern)));
            case "message" -> fitting(criteria.sql("coalesce(message, '')", String.class), pattern);
            case "error" -> fitting(criteria.sql("coalesce(error ->> 'message', '')", String.class), pattern);
            case "error_type" -> fitting(criteria.sql("coalesce(error ->> 'type', '')", String.class), pattern);
            default -> throw new IllegalStateException("no field " + field);
        };
    }

    private Predicate fitting(Expression<String> text, String pattern) {
        return pattern.endsWith("*")
                ? criteria.like(text, pattern.substring(0, pattern.length() - 1).replaceAll("([\\\\%_])", "\\\\$1")
                + "%", '\\')
                : criteria.equal(text, criteria.value(pattern));
    }

    private Predicate member(String column, List<String> path, String pattern) {
        var steps = criteria.value(path.toArray(String[]::new));
        var text = column.equals("input")
                ? criteria.sql("coalesce(case when jsonb_typeof(input #> ?) not in ('object', 'array') then input "
                + "#>> ? end, '')", String.class, steps, steps)
                : criteria.sql("coalesce(case when jsonb_typeof(metadata #> ?) not in ('object', 'array') then "
                + "metadata #>> ? end, '')", String.class, steps, steps);
        var fits = fitting(text, pattern);
        return isIndexed(column, path, pattern) ? criteria.and(indexed(path, pattern), fits) : fits;
    }

    /// True if an index finds the matches of every pattern.
    static boolean isIndexed(Filter.Member member) {
        return member.patterns().stream().allMatch(pattern -> isIndexed(member.column(), member.path(), pattern));
    }

    private static boolean isIndexed(String column, List<String> path, String pattern) {
        return column.equals("metadata") && !pattern.endsWith("*") && path.stream()
                .noneMatch(step -> step.matches("\\d+"));
    }

    private Predicate indexed(List<String> path, String value) {
        return any(documents(path, value).map(document -> criteria.isTrue(
                criteria.sql("(metadata @> cast(? as jsonb) and metadata <> '{}')", Boolean.class,
                criteria.value(document)))));
    }

    /// Documents that the index on metadata can find: the value as text and, if it has the form of one, as number or
    /// boolean.
    static Stream<String> documents(List<String> path, String value) {
        return Stream.concat(Stream.of(JsonNodeFactory.instance.stringNode(value)), scalar(value))
                .map(node -> nested(path, node).toString());
    }

    private static Stream<JsonNode> scalar(String value) {
        if (!value.matches("true|false|-?\\d{1,30}(\\.\\d{1,30})?")) {
            return Stream.of();
        }
        try {
            return Stream.of(json.readTree(value));
        } catch (JacksonException leadingZero) {
            return Stream.of();
        }
    }

    private static JsonNode nested(List<String> path, JsonNode value) {
        return path.isEmpty() ? value : JsonNodeFactory.instance.objectNode()
                .set(path.getFirst(), nested(path.subList(1, path.size()), value));
    }

    /// Compares the id, whose first 48 bits are the time of submission, so that only the partitions of these days are
    /// read.
    private Predicate created(Filter.Time created) {
        var millis = created.moment().toEpochMilli();
        return switch (created.comparison()) {
            case ABOVE, AT_LEAST -> criteria.greaterThanOrEqualTo(row.get("id"), new UUID(millis << 16, 0));
            case BELOW -> criteria.lessThan(row.get("id"), new UUID(millis << 16, 0));
            case AT_MOST, EQUAL -> criteria.lessThan(row.get("id"), new UUID((millis + 1) << 16, 0));
        };
    }

    private Predicate time(Filter.Time time) {
        Expression<Instant> column = row.get(switch (time.field()) {
            case "started" -> "startedAt";
            case "finished" -> "finishedAt";
            case "updated" -> "updatedAt";
            default -> "runAt";
        });
        return known(column, switch (time.comparison()) {
            case ABOVE -> criteria.greaterThan(column, time.moment());
            case AT_LEAST -> criteria.greaterThanOrEqualTo(column, time.moment());
            case BELOW -> criteria.lessThan(column, time.moment());
            case AT_MOST -> criteria.lessThanOrEqualTo(column, time.moment());
            case EQUAL -> criteria.equal(column, time.moment());
        });
    }

    private Predicate amount(Filter.Amount asked) {
        Expression<BigDecimal> amount = asked.field().equals("duration")
                ? criteria.sql("extract(epoch from coalesce(finished_at, now()) - started_at)", BigDecimal.class)
                : criteria.toBigDecimal(row.get(asked.field()));
        return known(amount, switch (asked.comparison()) {
            case ABOVE -> criteria.gt(amount, asked.amount());
            case AT_LEAST -> criteria.ge(amount, asked.amount());
            case BELOW -> criteria.lt(amount, asked.amount());
            case AT_MOST -> criteria.le(amount, asked.amount());
            case EQUAL -> criteria.equal(amount, asked.amount());
        });
    }

    private Predicate known(Expression<?> value, Predicate condition) {
        return criteria.and(criteria.isNotNull(value), condition);
    }
}
