package dev.longhaul.web;

import dev.longhaul.types.InputType;
import dev.longhaul.types.InputTypes;
import dev.longhaul.types.InvalidInput;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.http.MediaType;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Reads handler parameters that are a [JsonBody].
class JsonBodyResolver implements HandlerMethodArgumentResolver {

    private static final MediaType MERGE_PATCH = MediaType.parseMediaType("application/merge-patch+json");

    private final InputTypes inputs;
    private final Map<Class<?>, InputType<?>> types = new ConcurrentHashMap<>();

    JsonBodyResolver(InputTypes inputs) {
        this.inputs = inputs;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.hasParameterAnnotation(JsonBody.class);
    }

    @Override
    public Object resolveArgument(MethodParameter parameter, @Nullable ModelAndViewContainer container,
            NativeWebRequest web,
                                  @Nullable WebDataBinderFactory binders) throws IOException {
        var body = Objects.requireNonNull(parameter.getParameterAnnotation(JsonBody.class));
        var request = Objects.requireNonNull(web.getNativeRequest(HttpServletRequest.class));
        var json = body.optional() && isAbsent(request) ? JsonNodeFactory.instance.objectNode() : read(request, body);
        try {
            return read(parameter.getParameterType(), json);
        } catch (InvalidInput | IllegalArgumentException invalid) {
            if (body.entries().isEmpty() || !json.path(body.entries()).isArray()) {
                throw invalid;
            }
            leaveOutInvalid((ObjectNode) json, body.entries(), parameter.getParameterType(), request);
            return read(parameter.getParameterType(), json);
        }
    }

    private Object read(Class<?> type, JsonNode json) {
        StorableBody.require(type, json);
        return types.computeIfAbsent(type, inputs::of).read(json);
    }

    private void leaveOutInvalid(ObjectNode json, String list, Class<?> type, HttpServletRequest request) {
        var refused = new HashMap<Integer, RefusedEntries.Refused>();
        var valid = JsonNodeFactory.instance.arrayNode();
        var entries = json.path(list);
        for (var index = 0; index < entries.size(); index++) {
            try {
                read(StorableBody.elements(type, list), entries.get(index));
                valid.add(entries.get(index));
            } catch (InvalidInput | IllegalArgumentException invalid) {
                refused.put(index, new RefusedEntries.Refused(entries.get(index),
                        String.valueOf(invalid.getMessage())));
            }
        }
        json.set(list, valid);
        new RefusedEntries(refused).keep(request);
    }

    private static JsonNode read(HttpServletRequest request, JsonBody body) throws IOException {
        var types = request.getMethod().equals("PATCH") ? new MediaType[] {MERGE_PATCH} : body.yaml()
                ? new MediaType[] {MediaType.APPLICATION_YAML} : new MediaType[0];
        return StrictJson.read(request, body.limit(), types);
    }

    private static boolean isAbsent(HttpServletRequest request) {
        return request.getContentLength() == 0 || request.getContentLength() == -1
                && request.getHeader("Transfer-Encoding") == null;
    }
}
