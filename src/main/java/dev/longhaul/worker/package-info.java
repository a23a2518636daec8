/// Workers in any language, over HTTP, and operations that somebody else runs and only reports ("tracked").
///
/// ```
/// WorkersController   register, claim, heartbeat, turn, leave      who a worker is, and all that it has to say at once
/// RunsController      run:report, :step, :complete, :fail …        one run at a time, for a script
/// TrackingController  operations:track                             a run without a claim
///      v
/// Desk                the one thread of a node that writes for remote workers: reports, ends and claims of all of them in one commit
///      v
/// store.RunStore      the same statement that carries a node's own runs, fenced by the same run id
/// ```
/// Promises:
///   1. A remote worker's run is a run like any other: the same moves, attempts, pauses, checkpoints and history; a
///      test runs the same tasks in the engine and over HTTP.
///   2. The word of a run that is over is void: 409 `run-lost`. An end that is sent a second time, since its answer was
///      lost, is no error.
///   3. Nothing of a worker is remembered in a node but what it can find again: any node takes any worker's next word,
///      and a restart of all of them costs a worker nothing.
///   4. A worker claims only types that it registered, and no node claims those.
///   5. Every word of a worker renews its lease. A silent one is lost when that runs out, and what it held goes on
///      elsewhere from its last step.
///
/// A long poll waits on the row's announcement (`remote_ready`), and looks once a second in case it was lost. Timeouts,
/// heartbeat timeouts and deadlines of runs outside are watched by every node ([TimeoutMonitor]); the first to write
/// wins.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "store", "task", "live", "engine", "web", "types"})
package dev.longhaul.worker;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
