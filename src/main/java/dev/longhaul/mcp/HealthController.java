package dev.longhaul.mcp;

import dev.longhaul.mcp.tools.ToolList;
import dev.longhaul.store.DatabaseProbe;
import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// `/health`, for the reference's clients and for load balancers.
@RestController
class HealthController {

    private final ToolList tools;
    private final DatabaseProbe database;

    HealthController(ToolList tools, DatabaseProbe database) {
        this.tools = tools;
        this.database = database;
    }

    /// @param status `healthy`, or `unhealthy` with 503 while the database is unavailable
    record Health(String status, String service, String version, Map<String, Integer> capabilities) {}

    @GetMapping("/health")
    ResponseEntity<Health> health() {
        var healthy = database.answers();
        return ResponseEntity.status(healthy ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
                .header("Cache-Control", "no-store")
                .body(new Health(healthy ? "healthy" : "unhealthy", "longhaul", ServerInfo.version(),
                        Map.of("tools", tools.size())));
    }
}
