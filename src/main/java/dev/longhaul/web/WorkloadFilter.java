package dev.longhaul.web;

import dev.longhaul.store.Workload;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.regex.Pattern;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;
import org.springframework.web.filter.OncePerRequestFilter;

/// Gives each request its kind of work, and so its share of the connections.
@Component
@Order(Ordered.HIGHEST_PRECEDENCE + 2)
class WorkloadFilter extends OncePerRequestFilter {

    private static final Pattern WORKER = Pattern.compile("/api/v1/(workers.*|operations/[^/]+/run:\\w+)");
    private static final Pattern SUBMISSION = Pattern.compile("/api/v1/(operations(:batchCreate|:track)?|workflows)");
    private static final Pattern BULK = Pattern.compile("/api/v1/operations:bulk\\w+");
    private static final Pattern COLLECTION = Pattern.compile("/api/v1/[\\w:-]+");

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        try (var _ = kind(request).enter()) {
            chain.doFilter(request, response);
        }
    }

    private static Workload kind(HttpServletRequest request) {
        var path = request.getRequestURI();
        var reads = request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
        if (path.equals("/mcp")) {
            return Workload.MCP;
        }
        if (reads) {
            return COLLECTION.matcher(path).matches() ? Workload.LIST : Workload.READ;
        }
        return WORKER.matcher(path).matches() ? Workload.WORKER
                : SUBMISSION.matcher(path).matches() ? Workload.SUBMIT
                : BULK.matcher(path).matches() ? Workload.LIST : Workload.CHANGE;
    }
}
