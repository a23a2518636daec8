package dev.longhaul.api;

import dev.longhaul.query.Filter;
import dev.longhaul.query.ListedView;
import dev.longhaul.query.OperationList;
import dev.longhaul.query.Order;
import dev.longhaul.query.PageToken;
import dev.longhaul.store.DatabaseClock;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/// Lists operations, page by page.
@RestController
class ListController {

    private final OperationList list;
    private final DatabaseClock clock;

    ListController(OperationList list, DatabaseClock clock) {
        this.list = list;
        this.clock = clock;
    }

    /// @param nextPageToken null: there are no more
    @JsonNaming(SnakeCaseStrategy.class)
    record Page(List<ListedView> operations, @Nullable String nextPageToken) {}

    @Endpoint(value = "Lists operations", problems = {ProblemKind.INVALID_FILTER, ProblemKind.INVALID_PAGE_TOKEN}, description = """
            `filter` is a list of conditions that all hold, e.g. `status:failed,cancelled type:report.* created>-24h`. A page has `page_size` operations (50; 200 at most, and a
            larger number counts as 200); `next_page_token`, also in `Link`, leads to the next. Of a filter that finds few among many, a page has what was found in the time of one
            call: it may be short or empty and have a `next_page_token` all the same. The last page has none. Times ago are counted from the first page.""")
    @GetMapping("/api/v1/operations")
    ResponseEntity<Page> list(@RequestParam(defaultValue = "") String filter, @RequestParam(name = "order_by", defaultValue = "") String orderBy,
                              @RequestParam(name = "page_size", defaultValue = "50") int pageSize,
                              @RequestParam(name = "page_token", required = false) @Nullable String pageToken) {
        if (pageSize < 1) {
            throw new Problem(ProblemKind.INVALID_REQUEST, "page_size must be at least 1, not " + pageSize);
        }
        var order = Order.parse(orderBy);
        var asked = order + " " + filter;
        var token = pageToken == null ? null : PageToken.parse(pageToken, asked).orElseThrow(() -> new Problem(ProblemKind.INVALID_PAGE_TOKEN,
                "expected the next_page_token of a page with the same filter and order_by"));
        var now = token == null ? clock.now() : token.asOf();
        var wanted = Filter.parse(filter, now);
        var size = Math.min(pageSize, OperationList.MOST);
        var found = list.page(wanted, order, token == null ? null : token.after(), size);
        var operations = found.operations().stream().map(ListedView::of).toList();
        if (found.next() == null) {
            return ResponseEntity.ok(new Page(operations, null));
        }
        var next = new PageToken(found.next(), now).text(asked);
        return ResponseEntity.ok().header("Link", link(filter, orderBy, pageSize, next)).body(new Page(operations, next));
    }

    private static String link(String filter, String orderBy, int pageSize, String token) {
        var next = UriComponentsBuilder.fromPath("/api/v1/operations").queryParam("filter", "{filter}").queryParam("order_by", "{order}")
                .queryParam("page_size", pageSize).queryParam("page_token", token).encode().buildAndExpand(filter, orderBy);
        return "<" + next.toUriString() + ">; rel=\"next\"";
    }
}
