/// Whether ten million finished operations slow anything: the same figures on an empty database and on one with a long
/// past, in one run.
@NullMarked
package dev.longhaul.bench.growth;

import org.jspecify.annotations.NullMarked;
