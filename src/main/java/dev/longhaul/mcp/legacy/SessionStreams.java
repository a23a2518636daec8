package dev.longhaul.mcp.legacy;

import dev.longhaul.live.ChangeFeed;
import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.McpExchange;
import dev.longhaul.mcp.rpc.McpSettings;
import dev.longhaul.mcp.streams.ListChangeTracker;
import dev.longhaul.mcp.streams.SubscriptionStream;
import dev.longhaul.store.DatabaseOutage;
import dev.longhaul.tool.ToolCatalog;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// The streams that a GET opens for a session: changes of lists, and of the resources that the session has subscribed
/// to on any node.
@Component
class SessionStreams {

    private static final Logger log = LoggerFactory.getLogger(SessionStreams.class);

    private final Sessions sessions;
    private final ChangeFeed feed;
    private final ToolCatalog catalog;
    private final McpSettings settings;
    private final JsonMapper json;

    SessionStreams(Sessions sessions, ChangeFeed feed, ToolCatalog catalog, McpSettings settings, JsonMapper json) {
        this.sessions = sessions;
        this.feed = feed;
        this.catalog = catalog;
        this.settings = settings;
        this.json = json;
    }

    /// Opens the stream and returns.
    void open(ClientProfile client, McpExchange exchange) {
        exchange.detach("stream of a session", () -> follow(client, exchange));
    }

    private void follow(ClientProfile client, McpExchange exchange) {
        Set<String> subscribed = ConcurrentHashMap.newKeySet();
        subscribed.addAll(Session.of(client).subscriptions());
        try (var subscription = feed.subscribe(null, operation -> !new SubscriptionStream.Wishes(Set.of(), subscribed,
                Set.of()).changedBy(operation).isEmpty());
             var lists = new ListChangeTracker(catalog, EnumSet.allOf(ToolCatalog.Kind.class), subscription)) {
            var lookedAt = System.nanoTime();
            while (!subscription.isClosed()) {
                var news = subscription.next(settings.heartbeat());
                var uris = new LinkedHashSet<String>();
                var wishes = new SubscriptionStream.Wishes(Set.of(), subscribed, Set.of());
                news.edges().forEach(entry -> uris.addAll(wishes.changedBy(entry.change().operation())));
                news.progress().forEach(operation -> uris.addAll(wishes.changedBy(operation)));
                uris.forEach(uri -> exchange.notify("notifications/resources/updated",
                        json.createObjectNode().put("uri", uri)));
                lists.take().forEach(kind -> exchange.notify(ListChangeTracker.notification(kind),
                        json.createObjectNode()));
                if (System.nanoTime() - lookedAt > settings.heartbeat().toNanos()) {
                    lookedAt = System.nanoTime();
                    exchange.beat();
                    if (hasEnded(Session.of(client), subscribed)) {
                        return;
                    }
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /// Also reads the present subscriptions.
    private boolean hasEnded(Session session, Set<String> subscribed) {
        try {
            var now = sessions.find(session.token());
            now.map(Session::subscriptions).ifPresent(uris -> {
                subscribed.retainAll(uris);
                subscribed.addAll(uris);
            });
            return now.isEmpty();
        } catch (RuntimeException failed) {
            if (!DatabaseOutage.isCauseOf(failed)) {
                throw failed;
            }
            log.debug("the stream of a session waits for the database: {}", failed.getMessage());
            return false;
        }
    }
}
