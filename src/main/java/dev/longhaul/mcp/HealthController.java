package dev.longhaul.mcp;

import dev.longhaul.mcp.tools.ToolList;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// `/health`, for the reference's clients and for load balancers.
@RestController
class HealthController {

    private final ToolList tools;
    private final ServerInfo server;
    private final JdbcClient jdbc;

    HealthController(ToolList tools, ServerInfo server, JdbcClient jdbc) {
        this.server = server;
        this.tools = tools;
        this.jdbc = jdbc;
    }

    /// @param status `healthy`, or `unhealthy` with 503 while the database is unavailable
    record Health(String status, String service, String version, Map<String, Integer> capabilities) {}

    @GetMapping("/health")
    ResponseEntity<Health> health() {
        var healthy = databaseAnswers();
        return ResponseEntity.status(healthy ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
                .header("Cache-Control", "no-store")
                .body(new Health(healthy ? "healthy" : "unhealthy", "longhaul", server.version(),
                        Map.of("tools", tools.size())));
    }

    private boolean databaseAnswers() {
        try {
            return jdbc.sql("select true").query(Boolean.class).single();
        } catch (RuntimeException unavailable) {
            return false;
        }
    }
}
