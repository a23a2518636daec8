/// What the service says about itself: health, meters, traces, versions.
///
/// ```
/// /actuator/health            everything; …/liveness: would a restart help; …/readiness: may requests come here
/// /actuator/prometheus        longhaul_* beside those of the JVM, the pool and the web server
/// /actuator/info              which build, which schema
/// traces                      a span per POST and per run, sent by OTLP once longhaul.observe.traces-endpoint says where to
/// ```
/// What a node knows by itself is told where it is known: engine has the meters of runs and its own health, live those
/// of streams. Here is what must be asked of the database: one bounded statement every `longhaul.observe.sample`
/// ([Backlog]), whatever is scraped and however much runs.
///
/// Beside `UP` and `DOWN` there is `DEGRADED`: it works, with delay or for fewer, and a person should look; requests
/// need not go elsewhere, so it is a 200.
@NullMarked
@ApplicationModule(allowedDependencies = {})
package dev.longhaul.metrics;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
