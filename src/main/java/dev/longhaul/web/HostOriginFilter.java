package dev.longhaul.web;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// Refuses requests that a browser was tricked into: to a foreign name that was pointed at this address (DNS
/// rebinding), or from another site's page.
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
        if (!isOurs(host(request.getServerName()))) {
            problems.write(new Problem(ProblemKind.INVALID_REQUEST, "Host is not one of longhaul.web.hosts"), request,
                    response);
        } else if (request.getHeader("Origin") != null && !isOurs(originHost(request.getHeader("Origin")))) {
            problems.write(new Problem(ProblemKind.FORBIDDEN_ORIGIN, "Origin is not one of longhaul.web.hosts"),
                    request, response);
        } else {
            chain.doFilter(request, response);
        }
    }

    private boolean isOurs(@Nullable String host) {
        return host != null && settings.hosts().contains(host.toLowerCase(Locale.ROOT));
    }

    /// An IPv6 address comes without its brackets from some containers.
    private static String host(String name) {
        return name.contains(":") && !name.startsWith("[") ? "[" + name + "]" : name;
    }

    /// `null` is what a sandboxed or local page says: none of ours.
    private static @Nullable String originHost(String origin) {
        try {
            return URI.create(origin).getHost();
        } catch (IllegalArgumentException garbage) {
            return null;
        }
    }
}
