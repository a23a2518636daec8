/// The only writer of `operation`: one method, one transition, one statement.
///
/// | class | whose connection | what |
/// |---|---|---|
/// | [OperationStore] | the pool's | submit, find, cancel, pause, run again: what callers ask for |
/// | [BulkStore] | the pool's | the same done to many at once |
/// | [ChildStore] | the pool's | operations of operations: submit, look at, let go on who waited for them |
/// | [InputRequestStore] | the pool's | questions of tasks to people, and their answers |
/// | [RunStore] | the engine's own | `carry`: the reports, steps, outcomes and next claims of workers in one commit |
/// | [LogStore] | the pool's | what tasks logged, page by page |
/// | [CountStore] | the pool's | how many there are, and came and went: kept with every change |
/// | [ChainStore] | the pool's | evidence of the history: seals and anchors |
/// | [RetentionStore] | the pool's | how the past leaves, is held, and is exported |
/// | [StepStore] | the pool's | finished steps, and steps that commit together with the task's own writes |
/// | [RemoteWorkerStore], [RemoteTypeStore] | the pool's | workers outside: their leases and limits, the types they run |
/// | [TrackedStore] | the pool's | operations that somebody else runs and reports |
/// | [WorkerStore] | the pool's; for the heart the engine's own | leases: register, beat, rescue what a lost worker held, wake what is due |
/// | [ConcurrencyStore] | the pool's | turns of operations that stand in line for their concurrency key |
/// | [Partitions] | the pool's | the days to come |
///
/// Rules:
///   1. Every statement says `version = version + 1`, and `history_seq = history_seq + 1` where history must tell of
///      it; the triggers of `V1__operation.sql` refuse anything else, write the history and announce the change.
///   2. Every write of a run says `where id = … and run_id = …`. No row: the lease is lost, and the run's word is void.
///   3. Statements that touch many rows lock them in id order or `skip locked`. Time is `now()`, never a node's clock.
///   4. `status = 'pending'` and the like are literals: as parameters they would hide the partial indexes from the
///      planner.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "task"})
package dev.longhaul.store;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
