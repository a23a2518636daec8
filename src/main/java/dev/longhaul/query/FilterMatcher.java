package dev.longhaul.query;

import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Matches one operation against one term in memory, for event streams; [FilterSql] does the same in the database.
final class FilterMatcher {

    private FilterMatcher() {
    }

    static boolean holds(Filter.Term term, Operation operation) {
        return switch (term) {
            case Filter.Words words -> values(words.field(), operation)
                    .anyMatch(value -> fits(words.patterns(), value));
            case Filter.Member member -> fits(member.patterns(), text(member.column().equals("input")
                    ? operation.input() : operation.labels().metadata(), member.path()));
            case Filter.Time time -> holds(time.comparison(), instant(time.field(), operation), time.moment());
            case Filter.Amount amount -> holds(amount.comparison(), amount(amount.field(), operation), amount.amount());
        };
    }

    private static Stream<String> values(String field, Operation operation) {
        return switch (field) {
            case "tag" -> operation.labels().tags().stream();
            case "status" -> Stream.of(operation.status().word());
            case "queue" -> Stream.of(operation.queue());
            case "type" -> Stream.of(operation.type());
            case "id" -> Stream.of(operation.id().toString());
            case "parent" -> Stream.ofNullable(operation.parentId()).map(OperationId::toString);
            case "rerun_of" -> Stream.ofNullable(operation.rerunOf()).map(OperationId::toString);
            case "key" -> Stream.ofNullable(operation.concurrency()).map(concurrency -> concurrency.key());
            case "paused" -> Stream.of(String.valueOf(operation.paused()));
            case "waits_for" -> Stream.ofNullable(operation.waitsFor()).map(waits -> waits.word());
            case "message" -> Stream.ofNullable(operation.progress().message());
            case "error" -> Stream.ofNullable(operation.error()).map(failure -> failure.message());
            case "error_type" -> Stream.ofNullable(operation.error()).map(failure -> failure.type());
            default -> throw new IllegalStateException("no field " + field);
        };
    }

    static boolean fits(List<String> patterns, @Nullable String value) {
        return value != null && patterns.stream().anyMatch(pattern -> pattern.endsWith("*")
                ? value.startsWith(pattern.substring(0, pattern.length() - 1)) : value.equals(pattern));
    }

    /// Text of a member as PostgreSQL's `#>>` returns it; null: the member is missing, an object or an array.
    private static @Nullable String text(JsonNode root, List<String> path) {
        var node = root;
        for (var step : path) {
            node = node.isArray() && step.matches("\\d{1,9}") ? node.path(Integer.parseInt(step)) : node.path(step);
        }
        return switch (node.getNodeType()) {
            case STRING -> node.asString();
            case BOOLEAN -> String.valueOf(node.booleanValue());
            case NUMBER -> node.decimalValue().toPlainString();
            default -> null;
        };
    }

    private static @Nullable Instant instant(String field, Operation operation) {
        return switch (field) {
            case "created" -> operation.createdAt();
            case "started" -> operation.startedAt();
            case "finished" -> operation.finishedAt();
            case "updated" -> operation.updatedAt();
            case "run_at" -> operation.runAt();
            default -> throw new IllegalStateException("no field " + field);
        };
    }

    private static @Nullable BigDecimal amount(String field, Operation operation) {
        return switch (field) {
            case "attempt" -> BigDecimal.valueOf(operation.attempt());
            case "priority" -> BigDecimal.valueOf(operation.priority());
            case "progress" -> BigDecimal.valueOf(operation.progress().percent());
            case "duration" -> operation.startedAt() == null
                    ? null : BigDecimal.valueOf(operation.elapsed().toNanos(), 9);
            default -> throw new IllegalStateException("no field " + field);
        };
    }

    private static <T extends Comparable<T>> boolean holds(Filter.Comparison comparison, @Nullable T value, T asked) {
        return value != null && comparison.holds(value.compareTo(asked));
    }
}
