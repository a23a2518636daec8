/// From a commit to the line that a watcher reads.
///
/// All clocks are one: client, service and database share a machine, and so its two or more processors; what the client
/// costs is told.
@NullMarked
package dev.longhaul.bench.live;

import org.jspecify.annotations.NullMarked;
