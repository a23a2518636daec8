package dev.longhaul.web;

import dev.longhaul.operation.InvalidMember;
import dev.longhaul.operation.StorableJson;
import dev.longhaul.operation.Text;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.PropertyNamingStrategies;

/// Checks that the database can store a body exactly, apart from texts for people.
final class StorableBody {

    private static final Map<Class<?>, Map<String, Member>> MEMBERS = new ConcurrentHashMap<>();

    /// @param record of the member or of its elements; null: neither is a record
    private record Member(boolean isCleaned, @Nullable Class<?> record) {}

    private StorableBody() {
    }

    /// @throws IllegalArgumentException if `jsonb` cannot store it exactly; an [InvalidMember] for a value
    static void require(Class<?> type, JsonNode body) {
        if (body.isArray()) {
            for (var n = 0; n < body.size(); n++) {
                within("/" + n, type, body.get(n));
            }
        } else if (type.isRecord() && body.isObject()) {
            body.forEachEntry((name, value) -> {
                var member = members(type).get(name);
                if (member == null || member.record == null && !member.isCleaned) {
                    within("/" + name, Object.class, value);
                } else if (member.record != null) {
                    within("/" + name, member.record, value);
                }
            });
            body.propertyNames().forEach(name -> Text.storable("the body", name, Integer.MAX_VALUE));
        } else {
            StorableJson.required("the body", body);
        }
    }

    private static void within(String pointer, Class<?> type, JsonNode value) {
        try {
            require(type, value);
        } catch (InvalidMember member) {
            throw member.within(pointer);
        }
    }

    /// The record of a list's elements.
    static Class<?> elements(Class<?> type, String list) {
        var record = members(type).get(list);
        if (record == null || record.record == null) {
            throw new IllegalStateException(type + " has no list of records " + list);
        }
        return record.record;
    }

    private static Map<String, Member> members(Class<?> type) {
        return MEMBERS.computeIfAbsent(type, _ -> Stream.of(type.getRecordComponents())
                .collect(Collectors.toUnmodifiableMap(component -> PropertyNamingStrategies.SNAKE_CASE
                        .nameForField(null, null, component.getName()), StorableBody::member)));
    }

    private static Member member(RecordComponent component) {
        var type = component.getGenericType() instanceof ParameterizedType list
                && list.getActualTypeArguments()[0] instanceof Class<?> element ? element : component.getType();
        return new Member(component.isAnnotationPresent(CleanedText.class), type.isRecord() ? type : null);
    }
}
