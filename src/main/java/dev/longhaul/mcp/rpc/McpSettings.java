package dev.longhaul.mcp.rpc;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param callWait           how long a call of a task waits for its end, for a client that neither follows tasks nor
///     asked for progress, e.g. 25s
/// @param heartbeat          interval of heartbeat comments on an event stream, e.g. 5s; they detect disconnected
///     clients
/// @param streamRotation     after this time a resumable stream ends and its client reconnects, e.g. 5m
/// @param elicitationTimeout how long a tool waits for a client's answer to a request, e.g. 10m
/// @param sessionLife        how long a session of a revision before 2026-07-28 is valid, e.g. 7d
/// @param secret             signs sessions and states, the same on all nodes, at least 32 characters; default: one
///     that the database keeps
@ConfigurationProperties("longhaul.mcp")
public record McpSettings(@DefaultValue("25s") Duration callWait, @DefaultValue("5s") Duration heartbeat,
        @DefaultValue("5m") Duration streamRotation,
                          @DefaultValue("10m") Duration elicitationTimeout, @DefaultValue("7d") Duration sessionLife,
                                  @Nullable String secret) {

    public McpSettings {
        if (callWait.isNegative() || callWait.compareTo(Duration.ofHours(1)) > 0) {
            throw new IllegalArgumentException("longhaul.mcp.call-wait must be between 0s and 1h, not " + callWait);
        }
        if (heartbeat.compareTo(Duration.ofMillis(100)) < 0) {
            throw new IllegalArgumentException("longhaul.mcp.heartbeat must be at least 100ms, not " + heartbeat);
        }
        if (!streamRotation.isPositive() || !elicitationTimeout.isPositive() || !sessionLife.isPositive()) {
            throw new IllegalArgumentException("longhaul.mcp.stream-rotation, longhaul.mcp.elicitation-timeout and "
                    + "longhaul.mcp.session-life must be positive");
        }
        if (secret != null && secret.length() < 32) {
            throw new IllegalArgumentException("longhaul.mcp.secret must have at least 32 characters, not "
                    + secret.length());
        }
    }

    @Override
    public String toString() {
        return "McpSettings";   // not the secret
    }
}
