package dev.longhaul.query;

import java.util.List;
import java.util.stream.Stream;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Whether a filter has a condition that finds few operations by an index without an order: by tag, metadata, parent.
@Component
class Selectivity {

    /// So many are fetched and sorted within some 30 ms.
    private static final long FEW = 20_000;
    private static final String TAGGED =
            "explain (format json) select from operation where tags @> array[cast(:value as text)] and tags <> '{}'";
    private static final String DESCRIBED =
            "explain (format json) select from operation where metadata @> cast(:value as jsonb) and metadata <> '{}'";

    private final JdbcClient jdbc;
    private final JsonMapper json;

    Selectivity(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    boolean isFew(Filter filter) {
        return filter.terms().stream().filter(term -> !term.negated()).anyMatch(term -> switch (term) {
            case Filter.Words words -> switch (words.field()) {
                case "id", "parent", "rerun_of" -> true;
                case "tag" -> areExact(words.patterns()) && areFew(TAGGED, words.patterns().stream());
                default -> false;
            };
            case Filter.Member member -> FilterSql.isIndexed(member)
                    && areFew(DESCRIBED,
                    member.patterns().stream().flatMap(value -> FilterSql.documents(member.path(), value)));
            case Filter.Time _, Filter.Amount _ -> false;
        });
    }

    static boolean areExact(List<String> patterns) {
        return patterns.stream().noneMatch(pattern -> pattern.endsWith("*"));
    }

    /// As the planner believes.
    private boolean areFew(String explain, Stream<String> values) {
        return values.mapToLong(value -> json.readTree(jdbc.sql(explain).param("value", value).query(String.class)
                .single()).at("/0/Plan/Plan Rows").asLong(Long.MAX_VALUE / 1_000)).sum() <= FEW;
    }
}
