package dev.longhaul.web;

import dev.longhaul.operation.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/// Passes the caller to handlers. Without authentication a caller is named by its address. The source is `cli` for the
/// command line, by its `User-Agent`, and `rest` for all others.
class CallerResolver implements HandlerMethodArgumentResolver {

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == Caller.class;
    }

    @Override
    public Caller resolveArgument(MethodParameter parameter, @Nullable ModelAndViewContainer container,
            NativeWebRequest web,
                                  @Nullable WebDataBinderFactory binders) {
        var request = Objects.requireNonNull(web.getNativeRequest(HttpServletRequest.class));
        var agent = request.getHeader("User-Agent");
        return new Caller("client " + request.getRemoteAddr(), agent != null && agent.startsWith("longhaul-cli")
                ? "cli" : "rest");
    }
}
