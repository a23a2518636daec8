package dev.longhaul.rest;

import dev.longhaul.types.InputTypes;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.JsonBody;
import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import dev.longhaul.web.Retiring;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
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
import tools.jackson.databind.json.JsonMapper;
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
                Operations as durable rows: submit, follow, change and ask about them. Times are UTC in RFC 3339; lengths of time are written as 90s, 5m, 1h30m or 7d. \
                Every refusal is a problem document (RFC 9457) whose `type` is a page of the service.""");
        var paths = document.putObject("paths");
        for (var handler : handlers) {
            paths.withObjectProperty(handler.path).set(handler.method.toLowerCase(Locale.ROOT), operation(handler));
        }
        schema(Problem.Document.class);
        document.putObject("components").set("schemas", json.objectNode().setAll(schemas));
        return document;
    }

    private ObjectNode operation(Handler handler) {
        var endpoint = Objects.requireNonNull(handler.endpoint(), handler.name() + " needs @Endpoint");
        var operation = json.objectNode().put("operationId", operationId(handler)).put("summary", endpoint.value());
        operation.putArray("tags").add(handler.path.replaceFirst("/api/v1/([a-z-]+).*", "$1"));
        if (!endpoint.description().isBlank()) {
            operation.put("description", endpoint.description().strip().replaceAll("\\s+", " "));
        }
        var retiring = handler.handler.getMethodAnnotation(Retiring.class);
        if (retiring != null) {
            operation.put("deprecated", true).put("description", ("Deprecated since " + retiring.since()
                    + (retiring.sunset().isEmpty() ? "" : "; it may stop to answer on " + retiring.sunset())
                    + ". Instead: " + retiring.instead() + " " + operation.path("description").asString("")).strip());
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
                content.putObject("application/json").set("schema", schema(parameter.getGenericParameterType()));
                if (body.yaml()) {
                    content.putObject("application/yaml").set("schema", schema(parameter.getGenericParameterType()));
                }
            }
        }
        if (!parameters.isEmpty()) {
            operation.set("parameters", parameters);
        }
        operation.set("responses", responses(handler, endpoint));
        return operation;
    }

    private static String operationId(Handler handler) {
        var owner = handler.handler.getBeanType().getSimpleName().replace("Controller", "");
        return owner.substring(0, 1).toLowerCase(Locale.ROOT) + owner.substring(1) + "_" + handler.handler.getMethod()
                .getName();
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
                            .set("schema", schema(Problem.Document.class));
                });
        return responses;
    }

    /// All that may come back: what the endpoint says, and what every endpoint may say.
    static List<ProblemKind> problems(Handler handler, Endpoint endpoint) {
        var problems = new ArrayList<>(List.of(endpoint.problems()));
        problems.add(ProblemKind.DATABASE_AWAY);
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
        if (!(type instanceof Class<?> record) || !record.isRecord()) {
            return types.schemaOfOutput(type);
        }
        var owner = record.getEnclosingClass() == null ? "" : record.getEnclosingClass().getSimpleName()
                .replaceFirst("(Controller|Answer)$", "");
        var name = record == Problem.Document.class ? "Problem" : owner + record.getSimpleName();
        if (!schemas.containsKey(name)) {
            var isGiven = handlers.stream().flatMap(handler -> Arrays.stream(handler.handler.getMethodParameters()))
                    .anyMatch(parameter -> parameter.hasParameterAnnotation(JsonBody.class)
                            && parameter.getParameterType() == record);
            put(name, isGiven ? (ObjectNode) types.of(record).schema().deepCopy() : types.schemaOfOutput(record));
        }
        return json.objectNode().put("$ref", "#/components/schemas/" + name);
    }

    /// What a schema defines for itself becomes a component of its own; what is unwrapped into it becomes part of it.
    private void put(String name, ObjectNode schema) {
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
        schemas.put(name, renamed(name, schema));
        if (definitions != null) {
            definitions.forEachEntry((inner, definition) -> schemas.put(name + inner, renamed(name, definition)));
        }
    }

    private static JsonNode renamed(String name, JsonNode schema) {
        return new JsonMapper().readTree(schema.toString().replace("\"#/$defs/", "\"#/components/schemas/" + name));
    }
}
