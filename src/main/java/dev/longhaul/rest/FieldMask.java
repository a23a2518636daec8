package dev.longhaul.rest;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.longhaul.operation.Text;
import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Which members of a view an answer has, e.g. `operation_id,status,metadata.tenant`: a dot leads into an object.
record FieldMask(List<List<String>> paths) {

    /// @param text null: the whole view is wanted
    /// @return null: the whole view is wanted
    /// @throws Problem `invalid-request` if the view has no such member
    static @Nullable FieldMask parse(@Nullable String text, Class<? extends Record> view) {
        if (text == null) {
            return null;
        }
        var names = new TreeSet<>(members(view).toList());
        var paths = Arrays.stream(text.split(",", -1)).map(path -> List.of(path.strip().split("\\.", -1))).toList();
        paths.stream().map(List::getFirst).filter(name -> !names.contains(name)).findFirst().ifPresent(name -> {
            var detail = "fields must be some of " + String.join(", ", names) + ", not " + Text.quoted(name);
            throw new Problem(ProblemKind.INVALID_REQUEST, detail,
                    List.of(new Problem.ProblemPlace(null, "fields", null, detail)), Map.of());
        });
        return new FieldMask(paths);
    }

    private static Stream<String> members(Class<?> view) {
        return Arrays.stream(view.getRecordComponents())
                .flatMap(component -> component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)
                ? members(component.getType()) : Stream.of(component.getName().replaceAll("([A-Z])", "_$1")
                .toLowerCase(Locale.ROOT)));
    }

    ObjectNode of(JsonNode whole) {
        var part = JsonNodeFactory.instance.objectNode();
        paths.forEach(path -> take(path, whole, part));
        return part;
    }

    private static void take(List<String> path, JsonNode from, ObjectNode to) {
        var name = path.getFirst();
        var value = from.get(name);
        if (value == null) {
            return;
        }
        if (path.size() == 1 || !value.isObject()) {
            to.set(name, value);
        } else {
            take(path.subList(1, path.size()), value, to.get(name) instanceof ObjectNode there
                    ? there : to.putObject(name));
        }
    }
}
