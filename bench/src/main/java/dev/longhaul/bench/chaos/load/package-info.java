/// Clients of the service, all seeded: what they ask for depends on the seed alone, the order on the service.
@NullMarked
package dev.longhaul.bench.chaos.load;

import org.jspecify.annotations.NullMarked;
