package dev.longhaul.mcp.streams;

import dev.longhaul.live.ChangeFeed;
import dev.longhaul.live.FeedSubscription;
import dev.longhaul.mcp.rpc.ClientProfile;
import dev.longhaul.mcp.rpc.McpExchange;
import dev.longhaul.mcp.rpc.McpSettings;
import dev.longhaul.mcp.rpc.VisibleOperations;
import dev.longhaul.mcp.tasks.TaskView;
import dev.longhaul.operation.Operation;
import dev.longhaul.operation.OperationId;
import dev.longhaul.store.DatabaseOutage;
import dev.longhaul.tool.ToolCatalog;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// One `subscriptions/listen` stream: acknowledgement, changes, and the response when the node stops.
public final class SubscriptionStream {

    private static final Logger log = LoggerFactory.getLogger(SubscriptionStream.class);
    /// Minimum interval of progress notifications.
    private static final Duration PROGRESS_INTERVAL = Duration.ofMillis(500);

    private final JsonNode id;
    private final ClientProfile client;
    private final McpExchange exchange;
    private final Wishes wishes;
    private final ChangeFeed feed;
    private final ToolCatalog catalog;
    private final VisibleOperations operations;
    private final TaskView views;
    private final McpSettings settings;
    private final JsonMapper json;

    SubscriptionStream(JsonNode id, ClientProfile client, McpExchange exchange, Wishes wishes, ChangeFeed feed,
            ToolCatalog catalog, VisibleOperations operations, TaskView views, McpSettings settings,
              JsonMapper json) {
        this.id = id;
        this.client = client;
        this.exchange = exchange;
        this.wishes = wishes;
        this.feed = feed;
        this.catalog = catalog;
        this.operations = operations;
        this.views = views;
        this.settings = settings;
        this.json = json;
    }

    /// The subscriptions of a client.
    ///
    /// @param uris of resources
    public record Wishes(Set<OperationId> tasks, Set<String> uris, Set<ToolCatalog.Kind> lists) {

        boolean isOfOperations() {
            return !tasks.isEmpty() || uris.stream().anyMatch(uri -> uri.startsWith("longhaul://"));
        }

        /// The resources that a change of this operation changes.
        public Set<String> changedBy(Operation operation) {
            var changed = new LinkedHashSet<String>();
            var own = "longhaul://operations/" + operation.id();
            uris.stream().filter(uri -> uri.equals(own) || uri.startsWith(own + "/") || uri.equals("longhaul://queues"))
                    .forEach(changed::add);
            return changed;
        }
    }

    void run() {
        // Subscribed before the first read: a change in between is sent twice rather than not at all.
        try (var subscription = feed.subscribe(null, operation -> wishes.isOfOperations()
                && (wishes.tasks.contains(operation.id()) || !wishes.changedBy(operation).isEmpty()));
             var lists = new ListChangeTracker(catalog, wishes.lists, subscription)) {
            notify("notifications/subscriptions/acknowledged", acknowledged());
            owed.addAll(wishes.tasks);
            while (!subscription.isClosed()) {
                follow(subscription, lists);
            }
            var answer = json.createObjectNode().put("jsonrpc", "2.0");
            answer.set("id", id);
            answer.putObject("result").put("resultType", "complete").putObject("_meta")
                    .set("io.modelcontextprotocol/subscriptionId", id);
            exchange.finish(HttpStatus.OK, null, answer);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private final Set<OperationId> owed = new LinkedHashSet<>();   // tasks to notify
    private long quietSince = System.nanoTime();

    private void follow(FeedSubscription subscription, ListChangeTracker lists) throws InterruptedException {
        var news = subscription.next(owed.isEmpty() ? settings.heartbeat() : PROGRESS_INTERVAL);
        var changed = new LinkedHashSet<Operation>();
        news.edges().forEach(entry -> changed.add(entry.change().operation()));
        changed.addAll(news.progress());
        var ids = new LinkedHashSet<OperationId>();
        var uris = new LinkedHashSet<String>();
        changed.forEach(operation -> {
            ids.add(operation.id());
            uris.addAll(wishes.changedBy(operation));
        });
        ids.stream().filter(wishes.tasks::contains).forEach(owed::add);
        notifyTasks();
        uris.forEach(uri -> notify("notifications/resources/updated", json.createObjectNode().put("uri", uri)));
        lists.take().forEach(kind -> notify(ListChangeTracker.notification(kind), json.createObjectNode()));
        if (System.nanoTime() - quietSince > settings.heartbeat().toNanos()) {
            exchange.beat();
            quietSince = System.nanoTime();
        }
        if (!ids.isEmpty() || !uris.isEmpty()) {
            Thread.sleep(PROGRESS_INTERVAL.dividedBy(5));   // changes in the meantime are sent together
        }
    }

    private ObjectNode acknowledged() {
        var params = json.createObjectNode();
        var granted = params.putObject("notifications");
        wishes.lists.forEach(kind -> granted.put(ListChangeTracker.wish(kind), true));
        if (!wishes.uris.isEmpty()) {
            wishes.uris.forEach(granted.putArray("resourceSubscriptions")::add);
        }
        if (!wishes.tasks.isEmpty()) {
            wishes.tasks.forEach(task -> granted.withArray("taskIds").add(task.toString()));
        }
        return params;
    }

    /// During an outage of the database they remain owed.
    private void notifyTasks() {
        try {
            for (var tasks = owed.iterator(); tasks.hasNext(); tasks.remove()) {
                operations.find(tasks.next(), client.caller())
                        .ifPresent(operation -> notify("notifications/tasks", views.detailed(operation, client)));
            }
        } catch (RuntimeException failed) {
            if (!DatabaseOutage.isCauseOf(failed)) {
                throw failed;
            }
            log.debug("a subscription waits for the database: {}", failed.getMessage());
        }
    }

    private void notify(String method, ObjectNode params) {
        params.withObject("_meta").set("io.modelcontextprotocol/subscriptionId", id);
        exchange.notify(method, params);
    }
}
