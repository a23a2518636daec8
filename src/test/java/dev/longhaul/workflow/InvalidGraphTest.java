package dev.longhaul.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.Caller;
import dev.longhaul.types.InvalidInput;
import dev.longhaul.workflow.WorkflowGraph.Node;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/// An invalid graph is refused before anything is stored, with the location of the problem.
@LonghaulTest
class InvalidGraphTest {

    private static final Caller ANN = new Caller("ann", "test");

    @Autowired
    Workflows workflows;
    @Autowired
    JsonMapper json;
    @Autowired
    JdbcClient sql;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a": {"type": "echo", "needs": ["b"]}, "b": {"type": "echo", "needs": ["c"]}, "c": {"type": "echo", \
            "needs": ["a"]}} | nodes: a cycle: a needs b needs c needs a
            {"a": {"type": "echo", "needs": ["a"]}}                                         | nodes: a cycle: a needs a
            {"a": {"type": "echo", "input": {"value": "${b.output}"}}, "b": {"type": "echo", "needs": ["a"]}} | \
            nodes: a cycle: a needs b needs a
            {"a": {"type": "echo", "needs": ["fetsh"]}, "fetch": {"type": "echo"}}        | \
            nodes/a/needs/0: there is no node "fetsh"; there are a, fetch
            {"a": {"type": "echo", "input": {"value": "${fetsh.output}"}}}                    | \
            nodes/a: ${fetsh.output}: there is no node "fetsh"; there are a
            {"a": {"type": "echo", "input": {"value": ["x", "${a b}"]}}}                      | \
            nodes/a/input/value/1: expected an expression such as ${fetch.output.rows[0]}, not "${a b}"
            {"a": {"type": "echo", "input": {"value": "${a.outputs}"}}}                       | \
            nodes/a/input/value: expected ${a.output}, ${a.error} or ${a.status}, not "${a.outputs}"
            {"a": {"type": "echo", "input": {"value": "${a.output"}}}                         | \
            nodes/a/input/value: expected } after "${a.output"; write $${ for ${
            {"a": {"type": "echo", "input": {"value": "${item}"}}}                            | \
            nodes/a: ${item}, ${index} and max_parallel require for_each
            {"a": {"type": "echo", "input": {"value": "${input.day}"}}}                       | \
            nodes/a/input/value: the workflow's input has no value for ${input.day}
            {"a": {"type": "echo", "for_each": "x"}}                                        | \
            nodes/a/for_each: expected a list, or an expression for one such as ${fetch.output}, not ""x""
            {"a": {"type": "echo", "for_each": ["${item}"]}}                                | \
            nodes/a/for_each: expected a list, or an expression
            {"a": {"type": "echo", "when": "failure"}}                                      | \
            nodes/a/when: failure requires needs
            {"a": {"type": "echo", "when": "sometimes"}}                                    | \
            nodes/a/when: does not have a value in the enumeration
            {"a": {"type": "csv_import", "input": {"table": "t", "file": 7}}}                 | \
            nodes/a/input/file: integer found, string expected, not 7
            {"b": {"type": "echo"}, "a": {"type": "csv_import", "input": {"table": 7, "text": "${b.output.x}"}}} | \
            nodes/a/input/table: integer found, string expected
            {"b": {"type": "echo"}, "a": {"type": "csv_import", "input": {"table": "t", "txt": "${b.output.x}"}}} | \
            nodes/a/input/txt: the input of csv_import has no such field; it is an object with chunk_rows,
            {"b": {"type": "echo"}, "a": {"type": "csv_import", "input": {"table": "t", "text": "x", "chunk_rows": \
            "${b.status}"}}} | nodes/a/input/chunk_rows: expected integer, but [${b.status}] is string
            {"a b": {"type": "echo"}}                                                       | \
            nodes: the name of a node is letters
            {"item": {"type": "echo"}}                                                      | \
            nodes: the name of a node is letters
            {"a": {"type": "echo", "max_parallel": 0, "for_each": [1]}}                          | \
            nodes/a/max_parallel: must have a minimum value of 1
            {"a": {"type": "echo", "needs": "b"}}                                           | \
            nodes/a/needs: string found
            {"a": {}}                                                                         | \
            nodes/a: required property 'type' not found
            {}                                                                                | \
            nodes: must have at least 1 properties
            """)
    void isRefusedWithTheLocation(String nodes, String message) {
        var before = count();

        assertThatThrownBy(() -> workflows.start(json.readTree("{\"nodes\": " + nodes + "}"),
                submission -> submission, ANN))
                .isInstanceOf(InvalidInput.class).hasMessageContaining(message);

        assertThat(count()).as("nothing is stored").isEqualTo(before);
    }

    @Test
    void aGraphOf1001NodesIsTooLarge() {
        var workflow = Workflow.named("too wide");
        IntStream.range(0, 1_001).forEach(n -> workflow.node("n" + n, Node.of("echo")));

        assertThatThrownBy(() -> workflows.start(workflow.graph(), ANN))
                .hasMessageStartingWith("nodes: must have at most 1000 properties");
    }

    @Test
    void aListOfTenMegabytesIsTooLong() {
        var workflow = Workflow.named("too long").node("a", Node.of("echo").input(Map.of("value", "${item}"))
                .forEach(IntStream.range(0, 10_001).mapToObj(_ -> "x".repeat(1_000)).toList()));

        assertThatThrownBy(() -> workflows.start(workflow.graph(), ANN))
                .hasMessage("nodes/a/for_each: a list has at most 10000 elements, not 10001");
    }

    /// A recursive search would overflow the stack.
    @Test
    void aCycleOfAThousandNodesIsNamedAndAChainIsValid() {
        var cycle = Workflow.named("cycle");
        var chain = Workflow.named("long");
        IntStream.range(0, 1_000).forEach(n -> {
            cycle.node("n" + n, Node.of("echo").needs("n" + (n + 1) % 1_000));
            chain.node("n" + n, n == 0 ? Node.of("echo") : Node.of("echo").needs("n" + (n - 1)));
        });

        assertThatThrownBy(() -> workflows.start(cycle.graph(), ANN))
                .hasMessageStartingWith("nodes: a cycle: n0 needs n1 needs n2");
        assertThat(WorkflowPlan.of(chain.graph(), json).steps()).hasSize(1_000);
    }

    @Test
    void anUnknownTypeIsCheckedAsASimulation() {
        var graph = Workflow.named("unknown").node("a", Node.of("no such type").input(List.of())).graph();

        // simulated in tests, so the input is checked
        assertThatThrownBy(() -> workflows.start(graph, ANN)).hasMessageContaining("nodes/a/input");
    }

    private long count() {
        return sql.sql("select count(*) from operation where type = 'workflow'").query(Long.class).single();
    }
}
