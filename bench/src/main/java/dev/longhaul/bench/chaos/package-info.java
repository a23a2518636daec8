/// Tries the promises of reliability on three nodes: faults under load, one at a time, and a judge that reads only the
/// tables and what the clients wrote down.
///
/// - `cluster`: PostgreSQL, a proxy in front of it for each node, and the nodes.
/// - `load`: clients that submit, cancel, retry, answer, and remote workers, some of which die.
/// - `stream`: subscribers that resume on another node.
/// - `journal`: what clients and subscribers were told.
/// - `fault`: the faults, and the evidence that each of them had an effect.
/// - `judge`: one check per promise, and the self-test of the checks.
@NullMarked
package dev.longhaul.bench.chaos;

import org.jspecify.annotations.NullMarked;
