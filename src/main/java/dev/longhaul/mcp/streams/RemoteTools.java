package dev.longhaul.mcp.streams;

import dev.longhaul.live.NotificationHandler;
import dev.longhaul.live.NotificationListener;
import dev.longhaul.tool.ToolCatalog;
import org.springframework.stereotype.Component;

/// Task types of remote workers are tools on every node: each node notifies its clients when the types change.
@Component
class RemoteTools implements NotificationHandler {

    private final ToolCatalog catalog;
    private final NotificationListener listener;

    RemoteTools(ToolCatalog catalog, NotificationListener listener) {
        this.catalog = catalog;
        this.listener = listener;
        listener.add(this);
    }

    @Override
    public void typesChanged() {
        catalog.announce(ToolCatalog.Kind.TOOLS);
    }

    /// After a lost LISTEN connection: changes in between have no further notification.
    @Override
    public void missed() {
        if (listener.isListening()) {
            catalog.announce(ToolCatalog.Kind.TOOLS);
        }
    }
}
