/// What it costs to wait for one another, and to start by the clock.
@NullMarked
package dev.longhaul.bench.workflow;

import org.jspecify.annotations.NullMarked;
