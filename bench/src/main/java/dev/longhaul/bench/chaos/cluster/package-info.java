/// The processes: one PostgreSQL, the nodes, and a proxy for each node between the two.
@NullMarked
package dev.longhaul.bench.chaos.cluster;

import org.jspecify.annotations.NullMarked;
