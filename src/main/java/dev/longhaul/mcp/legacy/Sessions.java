package dev.longhaul.mcp.legacy;

import dev.longhaul.mcp.rpc.JsonRpcError;
import dev.longhaul.mcp.rpc.McpSettings;
import dev.longhaul.mcp.rpc.ProtocolRevision;
import dev.longhaul.mcp.rpc.StateSigner;
import dev.longhaul.tool.Capability;
import dev.longhaul.tool.ToolCall.Level;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Creates and finds sessions. The agreement is in the session's id, signed, so every node can read it; only later
/// changes by the client are a row.
@Component
class Sessions {

    private static final String PURPOSE = "session";

    private final StateSigner seals;
    private final JdbcClient jdbc;
    private final McpSettings settings;

    Sessions(StateSigner seals, JdbcClient jdbc, McpSettings settings) {
        this.seals = seals;
        this.jdbc = jdbc;
        this.settings = settings;
    }

    /// The id of a new session. Nothing is stored.
    String begin(ProtocolRevision revision, Set<Capability> can) {
        var abilities = can.stream().map(Capability::name).sorted().collect(Collectors.joining(","));
        return seals.sealed(PURPOSE, String.join(" ", UUID.randomUUID().toString(), revision.word(),
                String.valueOf(Instant.now().getEpochSecond()), abilities));
    }

    private static final String FIND =
            "select log_level, subscriptions, ended_at is not null as ended from mcp_session where id = :id";

    private record Changes(@Nullable Level logLevel, Set<String> subscriptions, boolean ended) {

        private static final Changes NONE = new Changes(null, Set.of(), false);
    }

    /// @throws JsonRpcError if it is unknown, expired or ended: the client has to send initialize again
    Session get(String token) {
        return find(token).orElseThrow(() -> new JsonRpcError(HttpStatus.NOT_FOUND, JsonRpcError.NO_REQUEST,
                "there is no such session; send initialize again"));
    }

    /// Empty: it is unknown, expired or ended.
    Optional<Session> find(String token) {
        return seals.opened(PURPOSE, token).map(text -> text.split(" ", -1))
                .filter(parts -> isYoung(Long.parseLong(parts[2]))).flatMap(parts -> {
            var id = UUID.fromString(parts[0]);
            var changes = changes(id);
            return changes.ended
                    ? Optional.empty() : Optional.of(new Session(id, token, ProtocolRevision.find(parts[1])
                    .orElseThrow(), abilities(parts[3]), changes.logLevel, changes.subscriptions));
        });
    }

    private boolean isYoung(long begun) {
        return Instant.ofEpochSecond(begun).plus(settings.sessionLife()).isAfter(Instant.now());
    }

    private static Set<Capability> abilities(String words) {
        var can = EnumSet.noneOf(Capability.class);
        Arrays.stream(words.split(",")).filter(word -> !word.isEmpty()).map(Capability::valueOf).forEach(can::add);
        return can;
    }

    private Changes changes(UUID id) {
        return jdbc.sql(FIND).param("id", id).query((row, _) -> {
            var level = row.getString("log_level");
            return new Changes(level == null ? null : Level.valueOf(level.toUpperCase(Locale.ROOT)),
                    Set.of((String[]) row.getArray("subscriptions").getArray()), row.getBoolean("ended"));
        }).optional().orElse(Changes.NONE);
    }

    private static final String END = """
            insert into mcp_session (id, ended_at) values (:id, now())
            on conflict (id) do update set ended_at = coalesce(mcp_session.ended_at, now())
            """;

    /// Every node refuses it from now on.
    void end(Session session) {
        jdbc.sql(END).param("id", session.id()).update();
    }

    private static final String SET_LEVEL = """
            insert into mcp_session (id, log_level) values (:id, :level) on conflict (id) do update
                set log_level = excluded.log_level
            """;

    void setLogLevel(Session session, Level level) {
        jdbc.sql(SET_LEVEL).param("id", session.id()).param("level", level.word()).update();
    }

    private static final String SUBSCRIBE = """
            insert into mcp_session (id, subscriptions) values (:id, array[:uri])
            on conflict (id) do update set subscriptions = array_append(array_remove(mcp_session.subscriptions,
                :uri), :uri)
            """;

    void subscribe(Session session, String uri) {
        jdbc.sql(SUBSCRIBE).param("id", session.id()).param("uri", uri).update();
    }

    private static final String UNSUBSCRIBE =
            "update mcp_session set subscriptions = array_remove(subscriptions, :uri) where id = :id";

    void unsubscribe(Session session, String uri) {
        jdbc.sql(UNSUBSCRIBE).param("id", session.id()).param("uri", uri).update();
    }

    private static final String PURGE = "delete from mcp_session where created_at < now() - 2 * :life::interval";

    /// Deletes rows of expired sessions.
    void purge() {
        jdbc.sql(PURGE).param("life", settings.sessionLife().toString()).update();
    }
}
