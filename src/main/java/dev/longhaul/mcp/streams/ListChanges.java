package dev.longhaul.mcp.streams;

import dev.longhaul.tool.Catalog;
import java.util.Locale;

/// The protocol's words for changes of lists.
final class ListChanges {

    private ListChanges() {
    }

    /// As a client asks for it, e.g. `toolsListChanged`.
    static String wish(Catalog.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT) + "ListChanged";
    }

    /// As it is told, e.g. `notifications/tools/list_changed`.
    static String notification(Catalog.Kind kind) {
        return "notifications/" + kind.name().toLowerCase(Locale.ROOT) + "/list_changed";
    }
}
