package dev.longhaul.workflow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.longhaul.LonghaulTest;
import dev.longhaul.operation.Caller;
import dev.longhaul.types.InvalidInput;
import dev.longhaul.workflow.WorkflowGraph.GraphNode;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/// A graph that cannot work is refused before anything is stored, with the place of what is wrong.
@LonghaulTest
class BadGraphTest {

    private static final Caller ANN = new Caller("ann", "test");

    @Autowired
    Workflows workflows;
    @Autowired
    JsonMapper json;
    @Autowired
    JdbcClient sql;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"a": {"type": "parrot", "needs": ["b"]}, "b": {"type": "parrot", "needs": ["c"]}, "c": {"type": "parrot", "needs": ["a"]}} | nodes: a cycle: a needs b needs c needs a
            {"a": {"type": "parrot", "needs": ["a"]}}                                         | nodes: a cycle: a needs a
            {"a": {"type": "parrot", "input": {"say": "${b.output}"}}, "b": {"type": "parrot", "needs": ["a"]}} | nodes: a cycle: a needs b needs a
            {"a": {"type": "parrot", "needs": ["fetsh"]}, "fetch": {"type": "parrot"}}        | nodes/a/needs/0: there is no node "fetsh"; there are a, fetch
            {"a": {"type": "parrot", "input": {"say": "${fetsh.output}"}}}                    | nodes/a: ${fetsh.output}: there is no node "fetsh"; there are a
            {"a": {"type": "parrot", "input": {"say": ["x", "${a b}"]}}}                      | nodes/a/input/say/1: expected an expression such as ${fetch.output.rows[0]}, not "${a b}"
            {"a": {"type": "parrot", "input": {"say": "${a.outputs}"}}}                       | nodes/a/input/say: expected ${a.output}, ${a.error} or ${a.status}, not "${a.outputs}"
            {"a": {"type": "parrot", "input": {"say": "${a.output"}}}                         | nodes/a/input/say: expected } after "${a.output"; $${ stands for ${
            {"a": {"type": "parrot", "input": {"say": "${item}"}}}                            | nodes/a: ${item}, ${index} and at_once need a for_each
            {"a": {"type": "parrot", "input": {"say": "${input.day}"}}}                       | nodes/a/input/say: the workflow's input has no value for ${input.day}
            {"a": {"type": "parrot", "for_each": "x"}}                                        | nodes/a/for_each: expected a list, or one expression that is one such as ${fetch.output}, not ""x""
            {"a": {"type": "parrot", "for_each": ["${item}"]}}                                | nodes/a/for_each: expected a list, or one expression
            {"a": {"type": "parrot", "when": "failure"}}                                      | nodes/a/when: failure of what? Name it in needs
            {"a": {"type": "parrot", "when": "sometimes"}}                                    | nodes/a/when: does not have a value in the enumeration
            {"a": {"type": "csv_import", "input": {"table": "t", "file": 7}}}                 | nodes/a/input/file: integer found, string expected, not 7
            {"b": {"type": "parrot"}, "a": {"type": "csv_import", "input": {"table": 7, "text": "${b.output.x}"}}} | nodes/a/input/table: integer found, string expected
            {"b": {"type": "parrot"}, "a": {"type": "csv_import", "input": {"table": "t", "txt": "${b.output.x}"}}} | nodes/a/input/txt: the input of csv_import has no such field; it is an object with chunk_rows,
            {"b": {"type": "parrot"}, "a": {"type": "csv_import", "input": {"table": "t", "text": "x", "chunk_rows": "${b.status}"}}} | nodes/a/input/chunk_rows: expected integer, and [${b.status}] is string
            {"a b": {"type": "parrot"}}                                                       | nodes: the name of a node is letters
            {"item": {"type": "parrot"}}                                                      | nodes: the name of a node is letters
            {"a": {"type": "parrot", "at_once": 0, "for_each": [1]}}                          | nodes/a/at_once: must have a minimum value of 1
            {"a": {"type": "parrot", "needs": "b"}}                                           | nodes/a/needs: string found
            {"a": {}}                                                                         | nodes/a: required property 'type' not found
            {}                                                                                | nodes: must have at least 1 properties
            """)
    void isRefusedWithThePlace(String nodes, String message) {
        var before = count();

        assertThatThrownBy(() -> workflows.start(json.readTree("{\"nodes\": " + nodes + "}"),
                submission -> submission, ANN))
                .isInstanceOf(InvalidInput.class).hasMessageContaining(message);

        assertThat(count()).as("nothing is stored").isEqualTo(before);
    }

    @Test
    void aThousandAndOneNodesAreTooMany() {
        var workflow = Workflow.named("too wide");
        IntStream.range(0, 1_001).forEach(n -> workflow.node("n" + n, GraphNode.of("parrot")));

        assertThatThrownBy(() -> workflows.start(workflow.graph(), ANN))
                .hasMessageStartingWith("nodes: must have at most 1000 properties");
    }

    @Test
    void tenMegabytesOfListAreTooMany() {
        var workflow = Workflow.named("too long").node("a", GraphNode.of("parrot").input(Map.of("say", "${item}"))
                .forEach(IntStream.range(0, 10_001).mapToObj(_ -> "x".repeat(1_000)).toList()));

        assertThatThrownBy(() -> workflows.start(workflow.graph(), ANN))
                .hasMessage("nodes/a/for_each: there may be 10000 elements, not 10001");
    }

    /// The needs of the needs of a thousand nodes: no recursion runs out of stack.
    @Test
    void aCycleOfAThousandIsNamedAndAChainOfAThousandIsNone() {
        var cycle = Workflow.named("round");
        var chain = Workflow.named("long");
        IntStream.range(0, 1_000).forEach(n -> {
            cycle.node("n" + n, GraphNode.of("parrot").needs("n" + (n + 1) % 1_000));
            chain.node("n" + n, n == 0 ? GraphNode.of("parrot") : GraphNode.of("parrot").needs("n" + (n - 1)));
        });

        assertThatThrownBy(() -> workflows.start(cycle.graph(), ANN))
                .hasMessageStartingWith("nodes: a cycle: n0 needs n1 needs n2");
        assertThat(WorkflowPlan.of(chain.graph(), json).steps()).hasSize(1_000);
    }

    @Test
    void aTypeThatNoTaskBearsIsRefusedWhereNotEverythingIsRehearsed() {
        var graph = Workflow.named("unknown").node("a", GraphNode.of("no such type").input(List.of())).graph();

        // rehearsed here, so its input is
        assertThatThrownBy(() -> workflows.start(graph, ANN)).hasMessageContaining("nodes/a/input");
    }

    private long count() {
        return sql.sql("select count(*) from operation where type = 'workflow'").query(Long.class).single();
    }
}
