package dev.longhaul.web;

import dev.longhaul.operation.Text;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/// Refuses unknown and repeated query parameters: otherwise `pagesize=500` would silently mean "default page size".
class QueryParameterCheck implements HandlerInterceptor {

    private final Map<HandlerMethod, Set<String>> known = new ConcurrentHashMap<>();

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response, Object handler) {
        if (request.getQueryString() == null || !(handler instanceof HandlerMethod method)) {
            return true;
        }
        var names = known.computeIfAbsent(method, QueryParameterCheck::names);
        request.getParameterMap().forEach((name, values) -> {
            if (!names.contains(name)) {
                throw refused(name, "unknown parameter " + Text.quoted(name)
                        + (names.isEmpty() ? "" : "; known are " + String.join(", ", names)));
            }
            if (values.length > 1) {
                throw refused(name, name + " is given " + values.length + " times");
            }
            if (!Text.isStorable(values[0])) {
                throw refused(name, name + " must not contain U+0000 or half of a surrogate pair");
            }
        });
        return true;
    }

    private static Problem refused(String name, String detail) {
        return new Problem(ProblemKind.INVALID_REQUEST, detail,
                List.of(new Problem.ProblemPlace(null, Text.cleaned(name, 80), null, detail)), Map.of());
    }

    private static Set<String> names(HandlerMethod method) {
        return Arrays.stream(method.getMethodParameters())
                .filter(parameter -> parameter.hasParameterAnnotation(RequestParam.class))
                .map(QueryParameterCheck::name)
                .collect(Collectors.collectingAndThen(Collectors.toCollection(TreeSet::new),
                        Collections::unmodifiableSet));
    }

    private static String name(MethodParameter parameter) {
        var named = Objects.requireNonNull(parameter.getParameterAnnotation(RequestParam.class)).name();
        return named.isEmpty() ? Objects.requireNonNull(parameter.getParameter().getName()) : named;
    }
}
