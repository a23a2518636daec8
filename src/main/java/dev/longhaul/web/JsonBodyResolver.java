package dev.longhaul.web;

import dev.longhaul.operation.StorableJson;
import dev.longhaul.types.InputType;
import dev.longhaul.types.InputTypes;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
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
        return types.computeIfAbsent(parameter.getParameterType(), inputs::of).read(json);
    }

    private static JsonNode read(HttpServletRequest request, JsonBody body) throws IOException {
        var types = request.getMethod().equals("PATCH") ? new MediaType[] {MERGE_PATCH} : body.yaml()
                ? new MediaType[] {MediaType.APPLICATION_YAML} : new MediaType[0];
        return StorableJson.required("the body", StrictJson.read(request, body.limit(), types));
    }

    private static boolean isAbsent(HttpServletRequest request) {
        return request.getContentLength() == 0 || request.getContentLength() == -1
                && request.getHeader("Transfer-Encoding") == null;
    }
}
