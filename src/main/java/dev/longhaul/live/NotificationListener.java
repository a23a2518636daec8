package dev.longhaul.live;

import dev.longhaul.live.Loop.Pause;
import dev.longhaul.operation.OperationId;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadLocalRandom;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jdbc.autoconfigure.JdbcConnectionDetails;
import org.springframework.stereotype.Component;

/// The LISTEN connection of the node, outside the pool and outside any transaction.
///
/// A connection that was cut silently shows no error. So the listener notifies itself every few seconds, and replaces
/// the connection if the notification does not arrive in time.
@Component
public class NotificationListener extends LoopLifecycle {

    private static final Logger log = LoggerFactory.getLogger(NotificationListener.class);
    private static final Duration SHORTEST_BACKOFF = Duration.ofMillis(50);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);

    private final JdbcConnectionDetails details;
    private final LiveSettings settings;
    private final String heartbeatChannel = "longhaul_heartbeat_" + UUID.randomUUID().toString().replace("-", "");
    private final List<NotificationHandler> handlers = new CopyOnWriteArrayList<>();
    private Duration backoff = SHORTEST_BACKOFF;
    private volatile boolean listening;
    private volatile Duration lag = Duration.ZERO;   // of the last heartbeat that arrived
    private volatile long sentAt;                    // 0: no heartbeat is on its way

    NotificationListener(JdbcConnectionDetails details, LiveSettings settings) {
        super("listener");
        this.details = details;
        this.settings = settings;
    }

    public void add(NotificationHandler handler) {
        handlers.add(handler);
    }

    /// False: notifications do not arrive now, and loops poll.
    public boolean isListening() {
        return listening;
    }

    /// The time of the last heartbeat from this node to itself; if the present one takes longer already, that time.
    public Duration lag() {
        var since = sentAt;
        var silence = since == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
        return silence.compareTo(lag) > 0 ? silence : lag;
    }

    /// Starts before the web server and all loops, and ends after them.
    @Override
    public int getPhase() {
        return 0;
    }

    /// One connection, until it is lost.
    @Override
    protected Pause round() throws InterruptedException {
        try (var connection = connect()) {
            listen(connection.unwrap(PGConnection.class), connection);
        } catch (SQLException lost) {
            log.warn("LISTEN is lost; operations with subscribers are polled: {}", lost.getMessage());
        }
        backoff = listening ? SHORTEST_BACKOFF : longer(backoff);
        listening = false;
        handlers.forEach(NotificationHandler::missed);
        return Pause.of(backoff.plusMillis(ThreadLocalRandom.current().nextLong(50)));
    }

    private static Duration longer(Duration backoff) {
        var twice = backoff.multipliedBy(2);
        return twice.compareTo(LONGEST_BACKOFF) < 0 ? twice : LONGEST_BACKOFF;
    }

    private Connection connect() throws SQLException {
        var properties = new Properties();
        if (details.getUsername() != null) {
            properties.setProperty("user", details.getUsername());
        }
        if (details.getPassword() != null) {
            properties.setProperty("password", details.getPassword());
        }
        properties.setProperty("ApplicationName", "longhaul listener");
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("socketFactory", PromptSocketFactory.class.getName());
        properties.setProperty("connectTimeout", "5");
        properties.setProperty("socketTimeout", String.valueOf(settings.listenHeartbeat().toSeconds() * 2 + 2));
        return DriverManager.getConnection(settings.listenUrl() == null ? details.getJdbcUrl() : settings.listenUrl(),
                properties);
    }

    private void listen(PGConnection notifications, Connection connection) throws SQLException, InterruptedException {
        try (var statement = connection.createStatement()) {
            statement.execute("listen operation_changed; listen operation_ready; listen remote_ready; "
                    + "listen operation_signal; listen child_finished; listen concurrency_changed; "
                    + "listen schedule_changed; listen remote_type_changed; listen worker_drained; "
                    + "listen mcp_client_event; listen " + heartbeatChannel);
            var sent = sendHeartbeat(statement);
            var arrived = false;
            while (loop.isCurrent()) {
                var received = notifications.getNotifications(
                        arrived ? (int) settings.listenHeartbeat().toMillis() / 2 : 250);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                for (var notification : received == null ? new PGNotification[0] : received) {
                    if (notification.getName().equals(heartbeatChannel)) {
                        arrived = true;
                        lag = Duration.ofNanos(System.nanoTime() - sent);
                        sentAt = 0;
                        heartbeatArrived();
                    } else {
                        dispatch(notification);
                    }
                }
                var silence = Duration.ofNanos(System.nanoTime() - sent);
                if (!arrived && silence.compareTo(settings.listenHeartbeat()) > 0) {
                    throw new SQLException("the heartbeat did not arrive within " + settings.listenHeartbeat()
                            + "; is there a transaction-mode pooler in between? Then set longhaul.live.listen-url to "
                            + "the server itself");
                }
                if (arrived && silence.compareTo(settings.listenHeartbeat()) > 0) {
                    sent = sendHeartbeat(statement);
                    arrived = false;
                }
            }
        }
    }

    private long sendHeartbeat(Statement statement) throws SQLException {
        sentAt = System.nanoTime();
        statement.execute("notify " + heartbeatChannel);
        return sentAt;
    }

    private void heartbeatArrived() {
        if (!listening) {
            listening = true;
            handlers.forEach(NotificationHandler::missed);   // changes before LISTEN began
        }
    }

    private void dispatch(PGNotification notification) {
        switch (notification.getName()) {
            case "operation_changed" -> {
                handlers.forEach(NotificationHandler::anyChanged);
                var interested = handlers.stream().filter(NotificationHandler::wantsChanges).toList();
                if (!interested.isEmpty()) {
                    var ids = Arrays.stream(notification.getParameter().split(",")).map(OperationId::parse).toList();
                    interested.forEach(handler -> handler.changed(ids));
                }
            }
            case "operation_ready" -> handlers.forEach(handler -> handler.ready(notification.getParameter()));
            case "remote_ready" -> {
                var place = notification.getParameter().split(" ", 2);
                handlers.forEach(handler -> handler.remoteReady(place[0], place[1]));
            }
            case "operation_signal" -> {
                var order = notification.getParameter().split(" ");
                handlers.forEach(handler -> handler.signalled(OperationId.parse(order[0]),
                        NotificationHandler.Signal.valueOf(order[1].toUpperCase(Locale.ROOT))));
            }
            case "child_finished" ->
                    handlers.forEach(handler -> handler.childEnded(OperationId.parse(notification.getParameter())));
            case "concurrency_changed" ->
                    handlers.forEach(handler -> handler.concurrencyChanged(notification.getParameter()));
            case "worker_drained" -> {
                var drain = notification.getParameter().split(" ");
                handlers.forEach(handler -> handler.drained(UUID.fromString(drain[0]), drain[1].equals("drain")));
            }
            case "mcp_client_event" -> handlers.forEach(handler -> handler.mcpClientEvent(notification.getParameter()));
            case "remote_type_changed" -> handlers.forEach(NotificationHandler::typesChanged);
            case "schedule_changed" -> handlers.forEach(NotificationHandler::scheduleChanged);
            default -> log.debug("unknown channel {}", notification.getName());
        }
    }
}
