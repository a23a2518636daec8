package dev.longhaul.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// Refuses requests that a browser sends for another site: to a foreign name that resolves to this address (DNS
/// rebinding), or from a page of another origin. Also refuses TRACE, which echoes headers, and path parameters
/// (`/operations;x=1`), which no endpoint has.
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 1)
class HostOriginFilter extends OncePerRequestFilter {

    private final WebSettings settings;
    private final ProblemHandler problems;

    HostOriginFilter(WebSettings settings, ProblemHandler problems) {
        this.settings = settings;
        this.problems = problems;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        var problem = problem(request);
        if (problem == null) {
            chain.doFilter(request, response);
        } else {
            problems.write(problem, request, response);
        }
    }

    private @Nullable Problem problem(HttpServletRequest request) {
        if (!settings.hosts().contains(host(request.getServerName()))) {
            return new Problem(ProblemKind.INVALID_REQUEST, "Host is not one of longhaul.web.hosts");
        }
        var origin = request.getHeader("Origin");
        if (origin != null && !settings.origins().contains(origin) && !isOwn(origin, request)) {
            return new Problem(ProblemKind.FORBIDDEN_ORIGIN,
                    "Origin is not this service, nor one of longhaul.web.origins");
        }
        if (request.getMethod().equals("TRACE")) {
            return new Problem(ProblemKind.METHOD_NOT_ALLOWED, "TRACE is not allowed", List.of(),
                    Map.of("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"));
        }
        return request.getRequestURI().contains(";")
                ? new Problem(ProblemKind.NOT_FOUND, "no endpoint has a path with ;") : null;
    }

    /// Some servers pass an IPv6 address without its brackets.
    private static String host(String name) {
        return (name.contains(":") && !name.startsWith("[") ? "[" + name + "]" : name).toLowerCase(Locale.ROOT);
    }

    /// One of the hosts, at the port of this request. The origin `null` of a sandboxed or local page is not.
    private boolean isOwn(String origin, HttpServletRequest request) {
        try {
            var page = URI.create(origin);
            var own = URI.create("http://" + request.getHeader("Host"));
            return page.getHost() != null && settings.hosts().contains(page.getHost().toLowerCase(Locale.ROOT))
                    && page.getPort() == own.getPort();
        } catch (IllegalArgumentException garbage) {
            return false;
        }
    }
}
