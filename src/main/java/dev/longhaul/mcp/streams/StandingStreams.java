package dev.longhaul.mcp.streams;

import dev.longhaul.live.Feed;
import dev.longhaul.mcp.rpc.Client;
import dev.longhaul.mcp.rpc.Exchange;
import dev.longhaul.mcp.rpc.McpSettings;
import dev.longhaul.mcp.rpc.Sessions;
import dev.longhaul.tool.Catalog;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// What a GET opens for a session of a handshake revision: changes of lists, and of the resources the session has subscribed to, at whichever node it did.
@Component
public class StandingStreams {

    private final Sessions sessions;
    private final Feed feed;
    private final Catalog catalog;
    private final McpSettings settings;
    private final JsonMapper json;

    StandingStreams(Sessions sessions, Feed feed, Catalog catalog, McpSettings settings, JsonMapper json) {
        this.sessions = sessions;
        this.feed = feed;
        this.catalog = catalog;
        this.settings = settings;
        this.json = json;
    }

    /// Opens the stream and returns.
    public void open(Client client, Exchange exchange) {
        exchange.detach("stream of a session", () -> follow(client, exchange));
    }

    private void follow(Client client, Exchange exchange) {
        Set<String> subscribed = ConcurrentHashMap.newKeySet();
        subscribed.addAll(client.session().subscriptions());
        try (var subscription = feed.subscribe(null, operation -> !new Listening.Wishes(Set.of(), subscribed, Set.of()).changedBy(operation).isEmpty());
             var lists = new ListChanges(catalog, EnumSet.allOf(Catalog.Kind.class), subscription)) {
            var lookedAt = System.nanoTime();
            while (!subscription.isClosed()) {
                var news = subscription.next(settings.heartbeat());
                var uris = new LinkedHashSet<String>();
                var wishes = new Listening.Wishes(Set.of(), subscribed, Set.of());
                news.edges().forEach(entry -> uris.addAll(wishes.changedBy(entry.change().operation())));
                news.progress().forEach(operation -> uris.addAll(wishes.changedBy(operation)));
                uris.forEach(uri -> exchange.notify("notifications/resources/updated", json.createObjectNode().put("uri", uri)));
                lists.take().forEach(kind -> exchange.notify(ListChanges.notification(kind), json.createObjectNode()));
                if (System.nanoTime() - lookedAt > settings.heartbeat().toNanos()) {
                    lookedAt = System.nanoTime();
                    exchange.beat();
                    var now = sessions.find(client.session().token());
                    if (now.isEmpty()) {
                        return;   // the client ended it
                    }
                    subscribed.retainAll(now.get().subscriptions());
                    subscribed.addAll(now.get().subscriptions());
                }
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
