package dev.longhaul.mcp.streams;

import dev.longhaul.live.NotificationHandler;
import dev.longhaul.live.NotificationListener;
import dev.longhaul.tool.ToolCatalog;
import org.springframework.stereotype.Component;

/// What remote workers run is a tool at every node: whichever of them a type was registered at, the clients of all hear
/// that the list has changed.
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

    /// Once it is heard again: what was registered meanwhile nobody announces anew.
    @Override
    public void missed() {
        if (listener.isListening()) {
            catalog.announce(ToolCatalog.Kind.TOOLS);
        }
    }
}
