package dev.longhaul.live;

import dev.longhaul.live.Loop.Pause;
import dev.longhaul.operation.OperationId;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
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
import org.springframework.context.SmartLifecycle;
import org.springframework.stereotype.Component;

/// The node's one LISTEN connection, outside the pool and outside any transaction.
///
/// A connection that was cut silently shows no error, so every few seconds the listener notifies itself; if its own
/// word does not come back within that time, the connection is replaced.
@Component
public class NotificationListener implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(NotificationListener.class);
    private static final Duration SHORTEST_BACKOFF = Duration.ofMillis(50);
    private static final Duration LONGEST_BACKOFF = Duration.ofSeconds(5);

    private final JdbcConnectionDetails details;
    private final LiveSettings settings;
    private final String pulse = "longhaul_pulse_" + UUID.randomUUID().toString().replace("-", "");
    private final List<NotificationHandler> ears = new CopyOnWriteArrayList<>();
    private final Loop loop = new Loop("listener", this::listen);
    private Duration backoff = SHORTEST_BACKOFF;
    private volatile boolean listening;
    private volatile Duration lag = Duration.ZERO;   // of the last proof that arrived
    private volatile long provingSince;              // 0: no proof is under way

    NotificationListener(JdbcConnectionDetails details, LiveSettings settings) {
        this.details = details;
        this.settings = settings;
    }

    public void add(NotificationHandler ear) {
        ears.add(ear);
    }

    /// False: announcements do not arrive at present, and whoever relies on them should poll.
    public boolean isListening() {
        return listening;
    }

    /// How long this node's own word takes to come back to it; while one is on its way for longer than the last took,
    /// so long.
    public Duration lag() {
        var since = provingSince;
        var silence = since == 0 ? Duration.ZERO : Duration.ofNanos(System.nanoTime() - since);
        return silence.compareTo(lag) > 0 ? silence : lag;
    }

    @Override
    public void start() {
        loop.start();
    }

    @Override
    public void stop() {
        loop.stop();
    }

    @Override
    public boolean isRunning() {
        return loop.isRunning();
    }

    /// Before the web server and everything that relies on it; ends after them.
    @Override
    public int getPhase() {
        return 0;
    }

    /// For as long as the connection lasts, and the pause after it.
    private Pause listen() throws InterruptedException {
        try (var connection = connect()) {
            listen(connection.unwrap(PGConnection.class), connection);
        } catch (SQLException lost) {
            log.warn("LISTEN was lost; watched operations are polled meanwhile: {}", lost.getMessage());
        }
        backoff = listening ? SHORTEST_BACKOFF : longer(backoff);
        listening = false;
        ears.forEach(NotificationHandler::missed);
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
            statement.execute("listen operation_changed; listen operation_ready; listen remote_ready; listen "
                    + "operation_ordered; listen operation_child_over; "
                    + "listen operation_turn; listen schedule_changed; listen type_changed; listen worker_drained; "
                    + "listen client_said; listen " + pulse);
            var asked = prove();
            statement.execute("notify " + pulse);
            var answered = false;
            while (loop.isCurrent()) {
                var received = notifications.getNotifications(answered ? (int) settings.listenHeartbeat().toMillis() / 2 : 250);
                if (Thread.interrupted()) {
                    throw new InterruptedException();
                }
                for (var notification : received == null ? new PGNotification[0] : received) {
                    if (notification.getName().equals(pulse)) {
                        answered = true;
                        lag = Duration.ofNanos(System.nanoTime() - asked);
                        provingSince = 0;
                        hear();
                    } else {
                        tell(notification);
                    }
                }
                var silence = Duration.ofNanos(System.nanoTime() - asked);
                if (!answered && silence.compareTo(settings.listenHeartbeat()) > 0) {
                    throw new SQLException("its own notification did not come back within " + settings.listenHeartbeat()
                            + "; is there a transaction-mode pooler in between? Then set longhaul.live.listen-url to "
                            + "the server itself");
                }
                if (answered && silence.compareTo(settings.listenHeartbeat()) > 0) {
                    asked = prove();
                    answered = false;
                    statement.execute("notify " + pulse);
                }
            }
        }
    }

    private long prove() {
        provingSince = System.nanoTime();
        return provingSince;
    }

    private void hear() {
        if (!listening) {
            listening = true;
            ears.forEach(NotificationHandler::missed);   // what happened before LISTEN began
        }
    }

    private void tell(PGNotification notification) {
        switch (notification.getName()) {
            case "operation_changed" -> {
                ears.forEach(NotificationHandler::somethingChanged);
                var minding = ears.stream().filter(NotificationHandler::wantsChanges).toList();
                if (!minding.isEmpty()) {
                    var ids = Arrays.stream(notification.getParameter().split(",")).map(OperationId::parse).toList();
                    minding.forEach(ear -> ear.changed(ids));
                }
            }
            case "operation_ready" -> ears.forEach(ear -> ear.ready(notification.getParameter()));
            case "remote_ready" -> {
                var place = notification.getParameter().split(" ", 2);
                ears.forEach(ear -> ear.remoteReady(place[0], place[1]));
            }
            case "operation_ordered" -> {
                var order = notification.getParameter().split(" ");
                ears.forEach(ear -> ear.ordered(OperationId.parse(order[0]),
                        NotificationHandler.Wish.valueOf(order[1].toUpperCase(Locale.ROOT))));
            }
            case "operation_child_over" ->
                    ears.forEach(ear -> ear.childOver(OperationId.parse(notification.getParameter())));
            case "operation_turn" -> ears.forEach(ear -> ear.turn(notification.getParameter()));
            case "worker_drained" -> {
                var drain = notification.getParameter().split(" ");
                ears.forEach(ear -> ear.drained(UUID.fromString(drain[0]), drain[1].equals("drain")));
            }
            case "client_said" -> ears.forEach(ear -> ear.clientSaid(notification.getParameter()));
            case "type_changed" -> ears.forEach(NotificationHandler::typesChanged);
            case "schedule_changed" -> ears.forEach(NotificationHandler::scheduleChanged);
            default -> log.debug("heard {}, which nobody asked for", notification.getName());
        }
    }
}
