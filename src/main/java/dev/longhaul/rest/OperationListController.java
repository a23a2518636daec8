package dev.longhaul.rest;

import dev.longhaul.query.Counts;
import dev.longhaul.query.Filter;
import dev.longhaul.query.ListOrder;
import dev.longhaul.query.OperationList;
import dev.longhaul.query.PageToken;
import dev.longhaul.store.DatabaseClock;
import dev.longhaul.web.Endpoint;
import dev.longhaul.web.OperationView;
import dev.longhaul.web.Problem;
import dev.longhaul.web.ProblemKind;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;
import tools.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// Lists operations, page by page.
@RestController
class OperationListController {

    private final OperationList operationList;
    private final Counts totals;
    private final DatabaseClock clock;
    private final JsonMapper json;

    OperationListController(OperationList operationList, Counts totals, DatabaseClock clock, JsonMapper json) {
        this.operationList = operationList;
        this.totals = totals;
        this.clock = clock;
        this.json = json;
    }

    /// @param nextPageToken   null: this is the last page
    /// @param totalSize       number of operations on all pages; null: not requested
    /// @param totalIsEstimate true: `totalSize` is an estimate
    @JsonNaming(SnakeCaseStrategy.class)
    record OperationPage(List<OperationView> operations, @Nullable String nextPageToken, @Nullable Long totalSize,
            @Nullable Boolean totalIsEstimate) {}

    @Endpoint(value = "List operations", body = OperationPage.class,
            problems = {ProblemKind.INVALID_FILTER, ProblemKind.INVALID_PAGE_TOKEN}, description = """
            `filter` is a list of conditions that must all hold, e.g.
            `status:failed,cancelled type:report.* created>-24h`. A page has `page_size` operations (default 50, at
            most 200; a larger number counts as 200). `next_page_token`, also in `Link`, gets the next page. With a
            rare filter a page has what one bounded scan found: it may be short or empty and still have a
            `next_page_token`. Only the last page has none. Relative times count from the first page.
            `count=estimated` adds `total_size` from the database's statistics; `count=exact` counts rows if needed,
            for 2 seconds at most; `total_is_estimate` says which. With `fields=operation_id,status` each operation
            has only these members. Operations in lists are without input, output, detail and limits.""")
    @GetMapping("/api/v1/operations")
    ResponseEntity<?> listOperations(@RequestParam(defaultValue = "") String filter,
            @RequestParam(name = "order_by", defaultValue = "") String orderBy,
            @RequestParam(name = "page_size", defaultValue = "50") int pageSize,
            @RequestParam(name = "page_token", required = false) @Nullable String pageToken,
            @RequestParam(defaultValue = "none") String count,
            @RequestParam(required = false) @Nullable String fields) {
        if (pageSize < 1) {
            throw Problem.ofParameter("page_size", "page_size must be at least 1, not " + pageSize);
        }
        var precision = Counts.Precision.parse(count);
        var mask = FieldMask.parse(fields, OperationView.class);
        var order = ListOrder.parse(orderBy);
        var list = order + " " + filter;
        var token = pageToken == null ? null : PageToken.parse(pageToken, list)
                .orElseThrow(() -> new Problem(ProblemKind.INVALID_PAGE_TOKEN,
                "expected the next_page_token of a page with the same filter and order_by"));
        var now = token == null ? clock.now() : token.asOf();
        var parsed = Filter.parse(filter, now);
        var size = Math.min(pageSize, OperationList.MOST);
        var found = operationList.page(parsed, order, token == null ? null : token.after(), size);
        var operations = found.operations().stream().map(OperationView::of).toList();
        var total = token == null && found.next() == null
                ? precision.of(operations.size()) : totals.of(parsed, precision, operations.size());
        var next = found.next() == null ? null : new PageToken(found.next(), now).text(list);
        var page = new OperationPage(operations, next, total == null ? null : total.size(), total == null
                ? null : total.isEstimate());
        var response = next == null ? ResponseEntity.ok() : ResponseEntity.ok()
                .header("Link", link(filter, orderBy, pageSize, fields, next));
        return response.body(mask == null ? page : masked(mask, page));
    }

    private ObjectNode masked(FieldMask mask, OperationPage page) {
        var whole = json.<ObjectNode>valueToTree(page);
        var operations = JsonNodeFactory.instance.arrayNode();
        whole.get("operations").forEach(operation -> operations.add(mask.of(operation)));
        whole.set("operations", operations);
        return whole;
    }

    private static String link(String filter, String orderBy, int pageSize, @Nullable String fields, String token) {
        var next = UriComponentsBuilder.fromPath("/api/v1/operations").queryParam("filter", "{filter}")
                .queryParam("order_by", "{order}")
                .queryParam("page_size", pageSize).queryParamIfPresent("fields", Optional.ofNullable(fields))
                .queryParam("page_token", token).encode().buildAndExpand(filter, orderBy);
        return "<" + next.toUriString() + ">; rel=\"next\"";
    }
}
