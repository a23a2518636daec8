package dev.longhaul.mcp;

import dev.longhaul.mcp.tools.ToolList;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.longhaul.store.DatabaseProbe;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/// `/health`, for the reference's clients and for load balancers.
@RestController
class HealthController {

    private final ToolList tools;
    private final ServerInfo server;
    private final DatabaseProbe database;

    HealthController(ToolList tools, ServerInfo server, DatabaseProbe database) {
        this.server = server;
        this.tools = tools;
        this.database = database;
    }

    /// @param status   `healthy`, or `unhealthy` with 503 while the database takes no writes
    /// @param database why it is unhealthy: `unavailable`, `read_only` or `full`; missing: it is healthy
    record Health(String status, String service, String version, Map<String, Integer> capabilities,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String database) {}

    @GetMapping("/health")
    ResponseEntity<Health> health() {
        var state = database.state();
        var healthy = state == DatabaseProbe.State.AVAILABLE;
        return ResponseEntity.status(healthy ? HttpStatus.OK : HttpStatus.SERVICE_UNAVAILABLE)
                .header("Cache-Control", "no-store")
                .body(new Health(healthy ? "healthy" : "unhealthy", "longhaul", server.version(),
                        Map.of("tools", tools.size()), healthy ? null : state.word()));
    }
}
