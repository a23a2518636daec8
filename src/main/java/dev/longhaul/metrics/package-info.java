/// Observability: health, metrics, traces, versions.
///
/// ```
/// /actuator/health            all components; …/liveness: would a restart help; …/readiness: can it serve requests
/// /actuator/prometheus        longhaul_* beside those of the JVM, the connection pool and the web server
/// /actuator/info              build and schema version
/// traces                      a span per POST and per run, sent by OTLP to longhaul.metrics.traces-endpoint
/// ```
/// Packages engine and live register the metrics that a node knows by itself. This package has those that need the
/// database: one bounded query per `longhaul.metrics.sample-interval` ([Backlog]), independent of scrapes and load.
///
/// Beside `UP` and `DOWN` there is `DEGRADED`, with HTTP status 200: the service works, but slowly or not for all, and
/// an operator should look.
@NullMarked
@ApplicationModule(allowedDependencies = "store")
package dev.longhaul.metrics;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
