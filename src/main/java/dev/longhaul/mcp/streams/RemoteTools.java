package dev.longhaul.mcp.streams;

import dev.longhaul.live.Ear;
import dev.longhaul.live.Listener;
import dev.longhaul.tool.Catalog;
import org.springframework.stereotype.Component;

/// What remote workers run is a tool at every node: whichever of them a type was registered at, the clients of all hear that the list has changed.
@Component
class RemoteTools implements Ear {

    private final Catalog catalog;
    private final Listener listener;

    RemoteTools(Catalog catalog, Listener listener) {
        this.catalog = catalog;
        this.listener = listener;
        listener.add(this);
    }

    @Override
    public void typesChanged() {
        catalog.announce(Catalog.Kind.TOOLS);
    }

    /// Once it is heard again: what was registered meanwhile nobody announces anew.
    @Override
    public void missed() {
        if (listener.isListening()) {
            catalog.announce(Catalog.Kind.TOOLS);
        }
    }
}
