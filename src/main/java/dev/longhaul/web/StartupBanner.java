package dev.longhaul.web;

import dev.longhaul.embedded.EmbeddedPostgres;
import java.util.Locale;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.event.EventListener;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

/// Prints addresses and first commands when the service is ready.
@Component
class StartupBanner {

    private final Environment environment;
    private final ObjectProvider<EmbeddedPostgres> embedded;

    StartupBanner(Environment environment, ObjectProvider<EmbeddedPostgres> embedded) {
        this.environment = environment;
        this.embedded = embedded;
    }

    @EventListener(ApplicationReadyEvent.class)
    void say() {
        var url = "http://localhost:" + environment.getProperty("local.server.port", "8081");
        System.out.printf(Locale.ROOT, """

                  Longhaul is up.
                    Tools (MCP)    POST %1$s/mcp
                    Live progress  GET  %1$s/progress/{operation_id}/stream
                    All changes    GET  %1$s/api/v1/events
                    Health         GET  %1$s/health
                    Database       %2$s

                  Start an operation:
                    curl -s %1$s/mcp -H 'Content-Type: application/json' -d '{"jsonrpc":"2.0","id":1,"method":"tools/call",
                      "params":{"name":"start_long_task","arguments":{"task_type":"simulation","duration_seconds":30,"steps":10}}}'
                  and watch everything that happens:
                    curl -sN %1$s/api/v1/events

                """, url, embedded.stream().map(EmbeddedPostgres::psql).findAny().orElseGet(() -> environment.getProperty("spring.datasource.url", "")));
    }
}
