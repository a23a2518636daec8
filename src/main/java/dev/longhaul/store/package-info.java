/// The only writer of `operation`: one method, one transition, one statement.
///
/// | class | connection | content |
/// |---|---|---|
/// | [OperationStore] | service pool | submit, find, cancel, pause, run again |
/// | [BulkStore] | service pool | the same changes to many operations at once |
/// | [ChildStore] | service pool | child operations: submit, find, continue the parents that wait for them |
/// | [InputRequestStore] | service pool | input requests of tasks, and their answers |
/// | [RunStore] | engine pool | `write`: reports, steps, ends and next claims of workers in one commit |
/// | [LogStore] | service pool | logs of tasks, page by page |
/// | [CountStore] | service pool | counts of operations, maintained by every change |
/// | [ChainStore] | service pool | evidence of the history: chain digests and anchors |
/// | [RetentionStore] | service pool | retirement, holds and exports of finished operations |
/// | [StepStore] | service pool | finished steps, and steps that commit together with the task's own writes |
/// | [RemoteWorkerStore], [RemoteTypeStore] | service pool | remote workers: their leases, limits and types |
/// | [TrackedStore] | service pool | operations that their creators run and report |
/// | [WorkerStore] | service pool; heartbeat: engine pool | leases: register, renew, rescue, wake due operations |
/// | [ConcurrencyStore] | service pool | slots of concurrency keys |
/// | [Partitions] | service pool | partitions of the days ahead |
///
/// The service pool is three ([ServicePools]): the [Workload] of a thread decides whether a statement uses a connection
/// of the requests, of the background, or of bulk work. A wait for the database ends by the timeouts of its pool.
///
/// Rules:
///   1. Every statement sets `version = version + 1`, and `history_seq = history_seq + 1` for a change that belongs in
///     the history. The triggers of `V1__operation.sql` reject anything else, write the history and announce the
///     change.
///   2. Every write of a run has `where id = … and run_id = …`. No row: the lease is lost, and the write is rejected.
///   3. Statements that touch many rows lock them in id order or `skip locked`. Time is `now()`, never a node's clock.
///   4. `status = 'pending'` and the like are literals: parameters would hide the partial indexes from the planner.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "task"})
package dev.longhaul.store;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
