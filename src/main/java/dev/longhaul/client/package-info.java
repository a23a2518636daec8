/// A client for programs in Java: start an operation, watch it, take its typed result, and find it again by its id
/// after a restart of the program's own.
///
/// It speaks REST and event streams like any other client and knows nothing of the service's insides: it needs the
/// JDK's HTTP client, Jackson's databind and no Spring. It is in the service's artifact, not in a module of its own,
/// since it is four small classes: a module would double the build for them.
///
/// Promises:
///   1. A start that was not answered is sent again with the same `Idempotency-Key`, so that there is one operation.
///   2. [RunningOperation#join] outlives lost connections and restarts of the service, and goes on behind the last
///      event that it had; it gives up only when the service was away for longer than the caller's patience.
///   3. What the service refuses is a [RequestRejected], an operation that ended without a result an [OperationFailed],
///      a service that is away an `IOException`.
@NullMarked
@ApplicationModule(allowedDependencies = {})
package dev.longhaul.client;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
