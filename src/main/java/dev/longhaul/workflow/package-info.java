/// Workflows: graphs of operations, submitted in one call and advanced by the database.
///
/// ```
/// WorkflowGraph  the definition, as JSON, YAML or from the Java builder
/// WorkflowPlan   the checked graph: names, cycles, references, types; an error names its location
/// WorkflowTask   inserts the plan into workflow_node and workflow_dependency, waits for the children, and computes
///                the outcome
/// db/migration   a trigger updates nodes and submits operations, in the transaction that finishes an operation
/// ```
/// Promises:
///   1. A workflow is an operation and the operations of its nodes are its children: cancelled, paused, observed,
///      audited and retried like any others.
///   2. Following operations are submitted in the transaction that finishes an operation, whichever client writes it: a
///      node, a remote worker, psql. So no kill loses or repeats a submission.
///   3. The operations of a node start after all needed nodes have finished, and only if its condition (`when`) is met.
///   4. An invalid graph is refused before anything is stored. The error names the cycle, or the location of the name
///      or type.
///   5. Its progress is one number: the weighted progress of its nodes.
///
/// If a value cannot be filled into an input, that node fails with an error that names the value. The operation that
/// has just finished is not affected.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "store", "task", "types"})
package dev.longhaul.workflow;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
