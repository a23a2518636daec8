package dev.longhaul.mcp.streams;

import dev.longhaul.live.FeedSubscription;
import dev.longhaul.tool.ToolCatalog;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/// The lists that have changed since a stream last sent them; a change wakes the stream.
public final class ListChangeTracker implements AutoCloseable {

    private final Set<ToolCatalog.Kind> changed = EnumSet.noneOf(ToolCatalog.Kind.class);
    private final Runnable stop;

    /// @param wanted       lists to track
    /// @param subscription what the stream waits for
    public ListChangeTracker(ToolCatalog catalog, Set<ToolCatalog.Kind> wanted, FeedSubscription subscription) {
        stop = catalog.onChange(kind -> {
            if (wanted.contains(kind)) {
                note(kind);
                subscription.wake();
            }
        });
    }

    private synchronized void note(ToolCatalog.Kind kind) {
        changed.add(kind);
    }

    public synchronized Set<ToolCatalog.Kind> take() {
        var taken = EnumSet.copyOf(changed);
        changed.clear();
        return taken;
    }

    @Override
    public void close() {
        stop.run();
    }

    /// Name in a subscription, e.g. `toolsListChanged`.
    static String wish(ToolCatalog.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT) + "ListChanged";
    }

    /// Name of the notification, e.g. `notifications/tools/list_changed`.
    public static String notification(ToolCatalog.Kind kind) {
        return "notifications/" + kind.name().toLowerCase(Locale.ROOT) + "/list_changed";
    }
}
