/// Operations per second beside the raw limit and the peers, and what an idle, a sleeping and a starting node costs.
///
/// All contestants of a run share one PostgreSQL, the service's own with fsync on, each in a database of its own, and
/// take turns in rounds; what counts is the median. The peers on the JVM run in this process, those in Node in one of
/// their own, the service in its own.
@NullMarked
package dev.longhaul.bench.engine;

import org.jspecify.annotations.NullMarked;
