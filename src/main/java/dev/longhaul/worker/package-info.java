/// Remote workers in any language, over HTTP, and tracked operations: jobs that run elsewhere and only report.
///
/// ```
/// WorkersController   register, claim, heartbeat, sync, leave     the worker
/// RunsController      run:report, :step, :complete, :fail …       one run
/// TrackingController  operations:track                            a run without a claim
///      v
/// engine.RunWriter    writes these runs and those of the node in one commit, fenced by the run id
///
/// WorkerLoop          renews leases, and finds work for waiting claims
/// TimeoutMonitor      ends remote runs whose timeout, heartbeat timeout or deadline is over
/// ```
/// Promises:
///   1. A remote run is a run like any other: the same transitions, attempts, pauses, checkpoints and history. One test
///      runs the same tasks in the engine and over HTTP.
///   2. An update of a run that is over is void: 409 `run-lost`. A repeated end gets the answer of the first.
///   3. A node keeps nothing of a worker that another node cannot read: any node takes the next request of any worker,
///      and a restart of all nodes costs a worker nothing.
///   4. A worker claims only types that it registered, and no node claims those.
///   5. Every request of a worker renews its lease. When the lease expires, its operations continue elsewhere after
///      their last step.
///
/// A waiting claim is answered after the notification `remote_ready`. A look once a second makes up for a lost one.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "store", "task", "live", "engine", "web", "types"})
package dev.longhaul.worker;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
