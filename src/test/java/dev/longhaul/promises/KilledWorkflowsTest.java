package dev.longhaul.promises;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.longhaul.Service;
import dev.longhaul.TestDatabase;
import dev.longhaul.workflow.RandomGraph;
import dev.longhaul.workflow.Workflow;
import dev.longhaul.workflow.WorkflowGraph;
import dev.longhaul.workflow.WorkflowGraph.Node;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/// Graphs under kill -9: a thousand nodes at random, one of 500 operations between two, and one of which a tenth fails,
/// on two nodes of which one is always dying, and with retries. Each node is done once and in its turn, ends as it
/// should, and the history is the judge.
class KilledWorkflowsTest {

    private static final Logger log = LoggerFactory.getLogger(KilledWorkflowsTest.class);
    private static final int KILLS = Integer.getInteger("kills", 2);

    private final TestDatabase.Database database = TestDatabase.shared().fresh();
    private final JdbcClient sql = JdbcClient.create(new DriverManagerDataSource(database.superuserUrl()));
    private final JsonMapper json = JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    @Test
    void everyNodeIsDoneOnceAndInItsTurn() throws Exception {
        var seed = Long.getLong("seed", System.nanoTime());
        log.info("seed {}", seed);
        var random = new Random(seed);
        var services = new ArrayList<Service>();
        var workflows = new ArrayList<UUID>();
        var failing = RandomGraph.of(100, random, 20, true, 100);
        UUID broken;
        try {
            services.add(start().awaitUp());
            workflows.add(submit(RandomGraph.of(1_000, random, 3, false, 40).workflow().graph()));
            workflows.add(submit(RandomGraph.of(100, random, 20, false, 200).workflow().graph()));
            workflows.add(submit(Workflow.named("wide").node("list", echo(IntStream.range(0, 500).boxed().toList()))
                    .node("each", echo("${item}", 100).forEach("${list.output.value}").maxParallel(60))
                            .node("sum", echo("${each.output.value}")).output("${sum.output.value}").graph()));
            broken = submit(failing.workflow().graph());
            services.add(start());
            for (var round = 0; round < KILLS; round++) {
                var victim = round % 2;
                services.get(victim).awaitUp();
                services.get(victim).awaitExit(Duration.ofMillis(300 + random.nextInt(700)));
                services.get(victim).kill();
                services.set(victim, start());
            }
            await().atMost(Duration.ofMinutes(3))
                    .until(() ->
                    count("select count(*) from operation where status in ('pending', 'running', 'waiting')") == 0);
        } finally {
            for (var service : services) {
                service.close();
            }
        }
        log.info("{} operations, {} attempts, {} rescued", count("select count(*) from operation"),
                count("select sum(attempt) from operation"),
                count("select count(*) from operation_history where reason = 'worker lease expired'"));
        assertThat(count("select count(*) from operation_history where reason = 'worker lease expired'"))
                .as("rescues: the kills did bite").isPositive();
        assertThat(count("select count(*) from operation where attempt > 1 and parent_id is not null"))
                .as("second attempts").isPositive();
        var isSound = "workflow_id <> '" + broken + "'";
        assertThat(count("select count(*) from operation where status <> 'completed' and '" + broken
                + "' not in (id, coalesce(parent_id, id))")).as("operations that did not complete").isZero();
        assertThat(count("select count(*) from workflow_node where " + isSound
                + " and (status <> 'completed' or finished <> total or failed <> 0 or pending_dependencies <> 0)"))
                .as("nodes that are not done").isZero();
        assertThat(statuses(broken)).as("nodes of the one in which some fail")
                .containsExactlyInAnyOrderEntriesOf(failing.statuses());
        assertThat(count("select count(*) from workflow_node n where coalesce(total, 0) <> (select count(*) from "
                + "operation o where o.parent_id = n.workflow_id and o.workflow_node = n.name)"))
                .as("nodes with more or fewer operations than they are").isZero();
        assertThat(count("select jsonb_array_length(output) from operation where id = '" + workflows.getLast() + "'"))
                .isEqualTo(500);
        workflows.add(broken);
        for (var workflow : workflows) {
            assertThat(count(RandomGraph.OUT_OF_ORDER.formatted(workflow)))
                    .as("operations that began before what they need was over").isZero();
            assertThat(count(RandomGraph.TWICE.formatted(workflow)))
                    .as("operations that are there twice, or ended twice").isZero();
        }
    }

    private Service start() {
        return Service.start(database, Service.freePort(), "--longhaul.engine.lease=3s", "--longhaul.engine.slots=30",
                "--longhaul.engine.backoff=200ms", "--spring.jpa.hibernate.ddl-auto=none");
    }

    private static Node echo(Object value) {
        return echo(value, 0);
    }

    private static Node echo(Object value, int millis) {
        return Node.of("echo").input(Map.of("value", value, "millis", millis));
    }

    private UUID submit(WorkflowGraph graph) {
        return sql.sql("insert into operation (type, input) values ('workflow', :graph::jsonb) returning id")
                .param("graph", json.writeValueAsString(graph)).query(UUID.class).single();
    }

    private Map<String, String> statuses(UUID workflow) {
        var statuses = new HashMap<String, String>();
        sql.sql("select name, status from workflow_node where workflow_id = :id").param("id", workflow)
                .query(row -> {
                    statuses.put(row.getString("name"), row.getString("status"));
                });
        return statuses;
    }

    private int count(String query) {
        return sql.sql(query).query(Integer.class).single();
    }
}
