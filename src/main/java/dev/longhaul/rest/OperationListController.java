package dev.longhaul.rest;

import dev.longhaul.query.Counts;
import dev.longhaul.query.Filter;
import dev.longhaul.query.ListOrder;
import dev.longhaul.query.OperationList;
import dev.longhaul.query.OperationSummary;
import dev.longhaul.query.PageToken;
import dev.longhaul.store.DatabaseClock;
import dev.longhaul.web.Endpoint;
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

    private final OperationList list;
    private final Counts totals;
    private final DatabaseClock clock;
    private final JsonMapper json;

    OperationListController(OperationList list, Counts totals, DatabaseClock clock, JsonMapper json) {
        this.list = list;
        this.totals = totals;
        this.clock = clock;
        this.json = json;
    }

    /// @param nextPageToken   null: there are no more
    /// @param totalSize       how many the filter finds on all pages; null: nobody asked
    /// @param totalIsEstimate true: about so many
    @JsonNaming(SnakeCaseStrategy.class)
    record Page(List<OperationSummary> operations, @Nullable String nextPageToken, @Nullable Long totalSize,
            @Nullable Boolean totalIsEstimate) {}

    @Endpoint(value = "Lists operations", body = Page.class, problems = {ProblemKind.INVALID_FILTER, ProblemKind.INVALID_PAGE_TOKEN}, description = """
            `filter` is a list of conditions that all hold, e.g. `status:failed,cancelled type:report.* created>-24h`. A page has `page_size` operations (50; 200 at most, and a
            larger number counts as 200); `next_page_token`, also in `Link`, leads to the next. Of a filter that finds few among many, a page has what was found in the time of one
            call: it may be short or empty and have a `next_page_token` all the same. The last page has none. Times ago are counted from the first page.
            `count=estimated` tells `total_size` by what the database knows anyway, `count=exact` counts if need be, for 2 seconds at most; `total_is_estimate` says what it is.
            With `fields=operation_id,status` each operation has these members only.""")
    @GetMapping("/api/v1/operations")
    ResponseEntity<?> list(@RequestParam(defaultValue = "") String filter,
            @RequestParam(name = "order_by", defaultValue = "") String orderBy,
                           @RequestParam(name = "page_size", defaultValue = "50") int pageSize,
                                   @RequestParam(name = "page_token", required = false) @Nullable String pageToken,
                           @RequestParam(defaultValue = "none") String count,
                                   @RequestParam(required = false) @Nullable String fields) {
        if (pageSize < 1) {
            throw new Problem(ProblemKind.INVALID_REQUEST, "page_size must be at least 1, not " + pageSize);
        }
        var precision = Counts.Precision.parse(count);
        var members = FieldMask.parse(fields, OperationSummary.class);
        var order = ListOrder.parse(orderBy);
        var asked = order + " " + filter;
        var token = pageToken == null ? null : PageToken.parse(pageToken, asked)
                .orElseThrow(() -> new Problem(ProblemKind.INVALID_PAGE_TOKEN,
                "expected the next_page_token of a page with the same filter and order_by"));
        var now = token == null ? clock.now() : token.asOf();
        var wanted = Filter.parse(filter, now);
        var size = Math.min(pageSize, OperationList.MOST);
        var found = list.page(wanted, order, token == null ? null : token.after(), size);
        var operations = found.operations().stream().map(OperationSummary::of).toList();
        var total = token == null && found.next() == null
                ? precision.of(operations.size()) : totals.of(wanted, precision, operations.size());
        var next = found.next() == null ? null : new PageToken(found.next(), now).text(asked);
        var page = new Page(operations, next, total == null ? null : total.size(), total == null
                ? null : total.isEstimate());
        var answer = next == null ? ResponseEntity.ok() : ResponseEntity.ok()
                .header("Link", link(filter, orderBy, pageSize, fields, next));
        return answer.body(members == null ? page : only(members, page));
    }

    private ObjectNode only(FieldMask members, Page page) {
        var whole = json.<ObjectNode>valueToTree(page);
        var operations = JsonNodeFactory.instance.arrayNode();
        whole.get("operations").forEach(operation -> operations.add(members.of(operation)));
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
