package dev.longhaul.mcp.rpc;

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
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/// Sessions of handshake revisions. What was agreed on is in the session's id, signed, so any node knows it; only what
/// a client said later is a row.
@Component
public class Sessions {

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
    public String begin(ProtocolRevision revision, Set<Capability> can) {
        var abilities = can.stream().map(Capability::name).sorted().collect(Collectors.joining(","));
        return seals.sealed(PURPOSE, String.join(" ", UUID.randomUUID().toString(), revision.word(),
                String.valueOf(Instant.now().getEpochSecond()), abilities));
    }

    private static final String FIND =
            "select log_level, subscriptions, ended_at is not null as ended from mcp_session where id = :id";

    private record Said(@Nullable Level logLevel, Set<String> subscriptions, boolean ended) {

        private static final Said NOTHING = new Said(null, Set.of(), false);
    }

    /// Empty: it is none of ours, too old, or was ended; the client has to begin anew.
    public Optional<Session> find(String token) {
        return seals.opened(PURPOSE, token).map(text -> text.split(" ", -1))
                .filter(parts -> isYoung(Long.parseLong(parts[2]))).flatMap(parts -> {
            var id = UUID.fromString(parts[0]);
            var said = said(id);
            return said.ended
                    ? Optional.empty() : Optional.of(new Session(id, token, ProtocolRevision.find(parts[1])
                    .orElseThrow(), abilities(parts[3]), said.logLevel, said.subscriptions));
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

    private Said said(UUID id) {
        return jdbc.sql(FIND).param("id", id).query((row, _) -> {
            var level = row.getString("log_level");
            return new Said(level == null ? null : Level.valueOf(level.toUpperCase(Locale.ROOT)),
                    Set.of((String[]) row.getArray("subscriptions").getArray()), row.getBoolean("ended"));
        }).optional().orElse(Said.NOTHING);
    }

    private static final String END = """
            insert into mcp_session (id, ended_at) values (:id, now())
            on conflict (id) do update set ended_at = coalesce(mcp_session.ended_at, now())
            """;

    /// No node takes it any more.
    public void end(Session session) {
        jdbc.sql(END).param("id", session.id()).update();
        forget();
    }

    private static final String SET_LEVEL = """
            insert into mcp_session (id, log_level) values (:id, :level) on conflict (id) do update
                set log_level = excluded.log_level
            """;

    public void setLogLevel(Session session, Level level) {
        jdbc.sql(SET_LEVEL).param("id", session.id()).param("level", level.word()).update();
        forget();
    }

    private static final String SUBSCRIBE = """
            insert into mcp_session (id, subscriptions) values (:id, array[:uri])
            on conflict (id) do update set subscriptions = array_append(array_remove(mcp_session.subscriptions,
                :uri), :uri)
            """;

    public void subscribe(Session session, String uri) {
        jdbc.sql(SUBSCRIBE).param("id", session.id()).param("uri", uri).update();
        forget();
    }

    private static final String UNSUBSCRIBE =
            "update mcp_session set subscriptions = array_remove(subscriptions, :uri) where id = :id";

    public void unsubscribe(Session session, String uri) {
        jdbc.sql(UNSUBSCRIBE).param("id", session.id()).param("uri", uri).update();
    }

    private static final String FORGET = "delete from mcp_session where created_at < now() - 2 * :life::interval";

    /// What was said in sessions that no token is good for any more.
    private void forget() {
        jdbc.sql(FORGET).param("life", settings.sessionLife().toString()).update();
    }
}
