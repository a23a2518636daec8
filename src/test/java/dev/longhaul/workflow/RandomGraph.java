package dev.longhaul.workflow;

import dev.longhaul.workflow.WorkflowGraph.Node;
import dev.longhaul.workflow.WorkflowGraph.When;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import java.util.stream.IntStream;

/// A random graph of echo tasks with the expected status of each node.
public record RandomGraph(Workflow workflow, Map<String, String> statuses) {

    /// Counts edges of a workflow whose target was submitted before its source finished, by the history.
    public static final String OUT_OF_ORDER = """
            with submitted as (
                select o.workflow_node as node, min(h.at) as at
                from operation o join operation_history h on h.operation_id = o.id and h.seq = 1
                where o.parent_id = '%1$s' group by o.workflow_node),
            finished as (
                select o.workflow_node as node, max(h.at) as at
                from operation o join operation_history h on h.operation_id = o.id
                    and h.to_status in ('completed', 'failed', 'cancelled')
                where o.parent_id = '%1$s' group by o.workflow_node)
            select count(*) from workflow_dependency e
                join submitted s on s.node = e.to_node join finished f on f.node = e.from_node
            where e.workflow_id = '%1$s' and f.at > s.at""";

    /// Counts duplicate operations and duplicate completions of a workflow.
    public static final String TWICE = """
            select (select count(*) from (
                       select workflow_node, fan_out_index from operation where parent_id = '%1$s'
                       group by workflow_node, fan_out_index having count(*) > 1) as duplicates)
                 + (select count(*) from (
                       select h.operation_id from operation_history h join operation o on o.id = h.operation_id
                       where o.parent_id = '%1$s' and h.to_status = 'completed' and h.event = 'status'
                       group by h.operation_id having count(*) > 1) as completions)""";

    /// Each node needs up to four earlier ones; a tenth fails, a sixth is a list.
    static RandomGraph of(int size, Random random) {
        return of(size, random, 20, true, 0);
    }

    /// @param widest maximum length of a list
    /// @param millis duration of each operation; above 0, one in twenty nodes needs a second attempt
    public static RandomGraph of(int size, Random random, int widest, boolean withFailures, int millis) {
        var workflow = Workflow.named("random " + size);
        var statuses = new LinkedHashMap<String, String>();
        for (var n = 0; n < size; n++) {
            var needs = new TreeSet<String>();
            for (var k = random.nextInt(5); k > 0 && n > 0; k--) {
                needs.add("n" + Math.max(0, n - 1 - random.nextInt(Math.min(n, 30))));
            }
            var when = needs.isEmpty() || random.nextInt(3) > 0 ? When.success : withFailures
                    ? When.values()[random.nextInt(3)] : When.success;
            var fails = withFailures && random.nextInt(10) == 0;
            var node = Node.of("echo").needs(needs.toArray(String[]::new)).when(when)
                    .input(fails ? Map.of("failures", -1)
                    : Map.of("value", needs.isEmpty() ? "first" : "${" + needs.first() + ".status}", "millis", millis,
                            "retries", millis > 0 && random.nextInt(20) == 0 ? 1 : 0));
            if (random.nextInt(6) == 0) {
                node = node.forEach(IntStream.range(0, random.nextInt(widest)).boxed().toList())
                        .maxParallel(1 + random.nextInt(10));
                fails = fails && ((List<?>) node.forEach()).size() > 0;
            }
            workflow.node("n" + n, node);
            statuses.put("n" + n, status(needs, when, fails, statuses));
        }
        return new RandomGraph(workflow, statuses);
    }

    private static String status(TreeSet<String> needs, When when, boolean fails, Map<String, String> before) {
        var hasFailedNeed = needs.stream().map(before::get)
                .anyMatch(status -> status.equals("failed") || status.equals("skipped"));
        return switch (when) {
            case success -> hasFailedNeed ? "skipped" : fails ? "failed" : "completed";
            case failure -> !hasFailedNeed ? "not_triggered" : fails ? "failed" : "completed";
            case always -> fails ? "failed" : "completed";
        };
    }
}
