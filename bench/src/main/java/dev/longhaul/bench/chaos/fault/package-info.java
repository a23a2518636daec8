/// The faults. Each waits until it was seen to have an effect, undoes itself, and says what was seen.
@NullMarked
package dev.longhaul.bench.chaos.fault;

import org.jspecify.annotations.NullMarked;
