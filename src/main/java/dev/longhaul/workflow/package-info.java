/// Operations that wait for operations: a graph, submitted in one call, that advances in the database.
///
/// ```
/// Graph          what somebody asks for, as JSON, YAML or by the builder in Java
/// Plan           the graph read and checked: names, cycles, references, types; a mistake is told with its place
/// WorkflowTask   lays the plan out in workflow_node and workflow_edge, waits for its children, says at the end what came of them
/// V4__workflows  the rest: a trigger settles nodes and submits what they released, in the transaction of the end that did it
/// ```
/// Promises:
///   1. A workflow is an operation, and its nodes' operations are its children: cancelled, paused, watched, audited and
///      run again like any others.
///   2. What an end releases is submitted in the same transaction as the end, whoever writes it: a node, a remote
///      worker, somebody in psql. So whatever is killed whenever, nothing is lost, and nothing is submitted twice.
///   3. A node's operations begin after all that the node needs is over, and only if it went as the node says (`when`).
///   4. A graph that cannot work is refused before anything is stored: a cycle is named, and so is the place of a name
///      or a type that does not fit.
///   5. Its progress is one number: that of its nodes, by their weight.
///
/// When a value cannot be filled into an input, that node fails with a sentence that names it; the operation that ended
/// has ended all the same.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "store", "task", "types"})
package dev.longhaul.workflow;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
