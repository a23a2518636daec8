/// A Java client: start an operation, follow it, take its typed result, and find it by its id after a restart.
///
/// It uses REST and event streams. It needs the JDK's HTTP client and Jackson's databind, no Spring and no other
/// package of the service. It is part of the service's artifact because a module for four small classes would double the build.
///
/// Promises:
///   1. A start whose response was lost is repeated with the same `Idempotency-Key`, so there is one operation.
///   2. [RunningOperation#join] survives lost connections and restarts of the service, and resumes behind the last
///      event. It gives up when the service was unavailable for longer than the retry timeout.
///   3. A request that the service rejects is a [RequestRejected], an operation that failed or was cancelled an
///      [OperationFailed], an unavailable service an `IOException`.
@NullMarked
@ApplicationModule(allowedDependencies = {})
package dev.longhaul.client;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
