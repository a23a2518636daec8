package dev.longhaul.rest;

import dev.longhaul.types.InputTypes;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.JsonBody;
import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ValueConstants;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Derives the OpenAPI document from the handlers: their mappings, parameters, bodies and what [Endpoint] says. The
/// schema of a body is the very one it is checked against.
final class OpenApi {

    private static final JsonNodeFactory json = JsonNodeFactory.instance;

    private final List<Handler> handlers;
    private final InputTypes types;
    private final TreeMap<String, JsonNode> schemas = new TreeMap<>();

    OpenApi(RequestMappingHandlerMapping mapping, InputTypes types) {
        this.handlers = handlers(mapping);
        this.types = types;
    }

    /// One method at one path.
    record Handler(String path, String method, HandlerMethod handler) {

        @Nullable Endpoint endpoint() {
            return handler.getMethodAnnotation(Endpoint.class);
        }

        String name() {
            return method + " " + path;
        }
    }

    /// Those below `/api/v1`, but for the document itself.
    static List<Handler> handlers(RequestMappingHandlerMapping mapping) {
        return mapping.getHandlerMethods().entrySet().stream()
                .flatMap(entry -> entry.getKey().getPatternValues().stream()
                        .flatMap(path -> entry.getKey().getMethodsCondition().getMethods().stream()
                                .map(method -> new Handler(path, method.name(), entry.getValue()))))
                .filter(handler -> handler.path.startsWith("/api/v1/") && !handler.path.equals("/api/v1/openapi.json"))
                .sorted(Comparator.comparing(Handler::path).thenComparing(Handler::method)).toList();
    }

    ObjectNode document() {
        var document = json.objectNode().put("openapi", "3.1.0");
        document.putObject("info").put("title", "Longhaul").put("version", "v1").put("description", """
                Long-running operations as durable rows: submit, follow, change and list them. Times are UTC in RFC 3339; \
                durations are written as 90s, 5m, 1h30m or 7d. Members without a value are null or left out. \
                Errors are problem documents (RFC 9457); their `type` is a page of the service.""");
        var paths = document.putObject("paths");
        for (var handler : handlers) {
            paths.withObjectProperty(handler.path).set(handler.method.toLowerCase(Locale.ROOT), operation(handler));
        }
        schema(Problem.ProblemDocument.class);
        var components = json.objectNode();
        schemas.forEach((name, schema) -> components.set(name, referring(schema)));
        document.putObject("components").set("schemas", components);
        return document;
    }

    private ObjectNode operation(Handler handler) {
        var endpoint = Objects.requireNonNull(handler.endpoint(), handler.name() + " needs @Endpoint");
        var operation = json.objectNode().put("operationId", handler.handler.getMethod().getName())
                .put("summary", endpoint.value());
        operation.putArray("tags").add(handler.path.replaceFirst("/api/v1/([a-z-]+).*", "$1"));
        if (!endpoint.description().isBlank()) {
            operation.put("description", endpoint.description().strip().replaceAll("\\s+", " "));
        }
        var parameters = json.arrayNode();
        for (var parameter : handler.handler.getMethodParameters()) {
            var told = parameter(parameter);
            if (told != null) {
                parameters.add(told);
            }
            if (parameter.hasParameterAnnotation(JsonBody.class)) {
                var body = Objects.requireNonNull(parameter.getParameterAnnotation(JsonBody.class));
                var content = operation.putObject("requestBody").put("required", !body.optional()).putObject("content");
                var schema = schema(parameter.getGenericParameterType(), true);
                content.putObject("application/json").set("schema", schema);
                if (body.yaml()) {
                    content.putObject("application/yaml").set("schema", schema);
                }
            }
        }
        if (!parameters.isEmpty()) {
            operation.set("parameters", parameters);
        }
        operation.set("responses", responses(handler, endpoint));
        return operation;
    }

    private @Nullable ObjectNode parameter(MethodParameter parameter) {
        var name = Objects.requireNonNull(parameter.getParameter().getName());
        if (parameter.hasParameterAnnotation(PathVariable.class)) {
            var told = json.objectNode().put("name", name).put("in", "path").put("required", true);
            return told.set("schema", json.objectNode().put("type", "string"));
        }
        var header = parameter.getParameterAnnotation(RequestHeader.class);
        if (header != null) {
            return (ObjectNode) json.objectNode().put("name", header.name()).put("in", "header")
                    .put("required", header.required()).set("schema", json.objectNode().put("type", "string"));
        }
        var query = parameter.getParameterAnnotation(RequestParam.class);
        if (query == null) {
            return null;
        }
        var schema = json.objectNode().put("type", type(parameter.getParameterType()));
        if (parameter.getParameterType() == Instant.class) {
            schema.put("format", "date-time");
        }
        var isRequired = query.required() && query.defaultValue().equals(ValueConstants.DEFAULT_NONE);
        if (!query.defaultValue().equals(ValueConstants.DEFAULT_NONE) && !query.defaultValue().isEmpty()) {
            schema.put("default", query.defaultValue());
        }
        return (ObjectNode) json.objectNode().put("name", query.name().isEmpty() ? name : query.name())
                .put("in", "query").put("required", isRequired).set("schema", schema);
    }

    private static String type(Class<?> type) {
        return type == int.class || type == Integer.class || type == long.class ? "integer" : type == boolean.class
                ? "boolean" : "string";
    }

    private ObjectNode responses(Handler handler, Endpoint endpoint) {
        var responses = json.objectNode();
        var good = responses.putObject(String.valueOf(endpoint.status()))
                .put("description", HttpStatus.valueOf(endpoint.status()).getReasonPhrase());
        var body = body(handler, endpoint);
        if (body == String.class) {
            good.putObject("content").putObject("text/event-stream").putObject("schema").put("type", "string");
        } else if (body != void.class && body != Void.class) {
            var content = good.putObject("content");
            content.putObject("application/json").set("schema", schema(body));
            Arrays.stream(endpoint.media())
                    .forEach(media -> content.putObject(media).putObject("schema").put("type", "string"));
        }
        Arrays.stream(endpoint.also()).forEach(status -> responses.putObject(String.valueOf(status)).put("description",
                HttpStatus.valueOf(status).getReasonPhrase()));
        var problems = new ArrayList<>(problems(handler, endpoint));
        if (problems.contains(ProblemKind.NO_SUCH_OPERATION)) {
            problems.add(ProblemKind.OPERATION_EXPIRED);   // as retention says
        }
        problems.stream()
                .collect(Collectors.groupingBy(kind -> kind.status().value(), TreeMap::new, Collectors.toList()))
                .forEach((status, kinds) -> {
                    var problem = responses.putObject(String.valueOf(status)).put("description",
                            kinds.stream().map(ProblemKind::code).collect(Collectors.joining(", ")));
                    problem.putObject("content").putObject("application/problem+json")
                            .set("schema", schema(Problem.ProblemDocument.class));
                });
        return responses;
    }

    /// All that may come back: what the endpoint says, and what every endpoint may say.
    static List<ProblemKind> problems(Handler handler, Endpoint endpoint) {
        var problems = new ArrayList<>(List.of(endpoint.problems()));
        problems.add(ProblemKind.DATABASE_UNAVAILABLE);
        problems.add(ProblemKind.INVALID_REQUEST);
        if (Arrays.stream(handler.handler.getMethodParameters())
                .anyMatch(parameter -> parameter.hasParameterAnnotation(JsonBody.class))) {
            problems.addAll(List.of(ProblemKind.MALFORMED_JSON, ProblemKind.TOO_LARGE,
                    ProblemKind.UNSUPPORTED_MEDIA_TYPE, ProblemKind.INPUT_INVALID));
        }
        return problems;
    }

    private static Type body(Handler handler, Endpoint endpoint) {
        if (endpoint.body() != Void.class) {
            return endpoint.body();
        }
        var returned = handler.handler.getMethod().getGenericReturnType();
        return returned instanceof ParameterizedType generic && generic.getRawType() == ResponseEntity.class
                ? generic.getActualTypeArguments()[0] : returned;
    }

    private ObjectNode schema(Type type) {
        return schema(type, false);
    }

    /// A record becomes a component, and so does each record in it.
    private ObjectNode schema(Type type, boolean isRequest) {
        if (!(type instanceof Class<?> record) || !record.isRecord()) {
            return types.schemaOfOutput(type);
        }
        var name = name(record);
        if (!schemas.containsKey(name)) {
            schemas.put(name, json.objectNode());
            Arrays.stream(record.getRecordComponents()).flatMap(component -> records(component.getGenericType()))
                    .forEach(part -> schema(part, isRequest));
            schemas.put(name, flat(isRequest ? (ObjectNode) types.of(record).schema().deepCopy()
                    : types.schemaOfOutput(record)));
        }
        return ref(name);
    }

    private static Stream<Class<?>> records(Type type) {
        return type instanceof ParameterizedType generic
                ? Arrays.stream(generic.getActualTypeArguments()).flatMap(OpenApi::records)
                : type instanceof Class<?> known && known.isRecord() ? Stream.of(known) : Stream.empty();
    }

    /// A noun that a generated client can use as a class name.
    private static String name(Class<?> record) {
        return record.getSimpleName().replaceFirst("View$", "");
    }

    private static ObjectNode ref(String name) {
        return json.objectNode().put("$ref", "#/components/schemas/" + name);
    }

    /// Resolves definitions of its own, and includes what is unwrapped into it.
    private ObjectNode flat(ObjectNode schema) {
        var definitions = schema.remove("$defs");
        var parts = schema.remove("allOf");
        if (parts != null) {
            parts.forEach(part -> {
                var whole = part.has("$ref") ? definitions.get(part.get("$ref").asString().replaceFirst(".*/", ""))
                        : part;
                schema.withObjectProperty("properties").setAll((ObjectNode) whole.path("properties"));
                schema.withArrayProperty("required").addAll((ArrayNode) whole.path("required"));
            });
        }
        return definitions == null ? schema : (ObjectNode) inlined(schema, definitions);
    }

    private static JsonNode inlined(JsonNode node, JsonNode definitions) {
        if (node.path("$ref").asString("").startsWith("#/$defs/")) {
            return inlined(definitions.get(node.get("$ref").asString().substring(8)), definitions);
        }
        return mapped(node, part -> inlined(part, definitions));
    }

    /// Puts a reference in the place of each part that is a component.
    private JsonNode referring(JsonNode node) {
        return mapped(node, part -> {
            var object = part instanceof ObjectNode one && one.has("properties") ? one.deepCopy() : null;
            if (object == null) {
                return referring(part);
            }
            var isNullable = object.path("type").isArray();
            if (isNullable) {
                object.put("type", "object");
            }
            var description = object.remove("description");
            var component = schemas.entrySet().stream().filter(entry -> entry.getValue().equals(object)).findFirst();
            if (component.isEmpty()) {
                return referring(part);
            }
            var reference = isNullable ? json.objectNode() : ref(component.get().getKey());
            if (isNullable) {
                reference.putArray("anyOf").add(ref(component.get().getKey())).addObject().put("type", "null");
            }
            return description == null ? reference : reference.set("description", description);
        });
    }

    private static JsonNode mapped(JsonNode node, UnaryOperator<JsonNode> change) {
        if (node instanceof ObjectNode object) {
            var mapped = json.objectNode();
            object.forEachEntry((name, part) -> mapped.set(name, change.apply(part)));
            return mapped;
        }
        if (node instanceof ArrayNode array) {
            var mapped = json.arrayNode();
            array.forEach(part -> mapped.add(change.apply(part)));
            return mapped;
        }
        return node;
    }
}
