/// How fast REST answers, beside what the same server does for an endpoint that only returns a constant; and the
/// workers' protocol.
@NullMarked
package dev.longhaul.bench.api;

import org.jspecify.annotations.NullMarked;
