/// Runs operations: claims them, renews the lease, writes progress and ends, and drains.
///
/// - [RunWriter], as soon as the [WriteQueue] has something: one commit with the reports, steps and ends of all runs,
///   and the next claims.
/// - [LeaseHeartbeat], every fifth of the lease: renews the lease of the node and compares its runs with the database.
/// - [MaintenanceLoop], every second, on an idle node every five: rescues the operations of lost workers, wakes due
///   ones, fails late ones and finds ready queues; hourly: creates partitions and purges.
/// - [WaitResolver], when a child ends and every 30 s: continues operations whose wait is over, and sums up the
///   progress of parents.
/// - [ConcurrencyDispatcher], when a concurrency key changes and every 30 s: gives its slots to waiting operations.
/// - [Timers], on demand: timeouts and grace times of single runs.
/// - One virtual thread per [Run]: the task itself.
///
/// One writer writes the runs of the node and those of remote workers. A [WriteSource] is the node ([NodeRuns]) or one
/// [WriteRequest] of a remote worker. While one [WriteBatch] is committed the next one gathers, so that batches grow
/// under load and nothing waits on an idle node.
///
/// A paused queue gives no claims. A batch that claims from a queue with a limit locks the queue's row: two nodes never
/// take the same last slot. An operation with a concurrency key cannot be claimed before it has a slot of the key.
///
/// When something breaks:
/// - *The process dies*: its lease expires, or the next process of its name declares it lost. Its operations are
///   pending again and continue after their last step.
/// - *The database is unavailable*: ends and reports of the node stay queued; requests of remote workers are answered
///   503. A node that could not renew its lease stops its tasks before other nodes may start them.
/// - *The writer hangs* for longer than the lease: the node gives its lease up and stops its runs.
/// - *The node is frozen past its lease*: other nodes continue its operations. Each of its writes names a `run_id` that
///   no row has any more, so it is void.
/// - *An entry cannot be written* (a locked row, or a refusal): the batch is split, and only that entry waits or fails.
/// - *SIGTERM*: no more claims. A task leaves at its next step or sleep, or ends within the drain timeout; the rest is
///   released, not failed.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "store", "task", "live", "types"})
package dev.longhaul.engine;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
