package dev.longhaul.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads what comes in pages.
final class PageReader {

    private static final int LARGEST = 200;

    private PageReader() {
    }

    /// As many as wanted, page by page.
    ///
    /// @param member what a page's items are called
    static List<JsonNode> find(ApiClient api, String path, String member, Map<String, ? extends @Nullable Object> query,
            int limit) {
        if (limit < 1) {
            throw new CliError(ExitCode.USAGE, "--limit must be at least 1, not " + limit);
        }
        var found = new ArrayList<JsonNode>();
        var asked = new HashMap<String, @Nullable Object>(query);
        do {
            asked.put("page_size", Math.min(LARGEST, limit - found.size()));
            var page = api.get(ApiClient.path(path, asked));
            page.path(member).forEach(found::add);
            asked.put("page_token", page.path("next_page_token").asString(""));
        } while (!"".equals(asked.get("page_token")) && found.size() < limit);
        return found;
    }
}
