/// What clients and subscribers were told, written down when they were told it.
@NullMarked
package dev.longhaul.bench.chaos.journal;

import org.jspecify.annotations.NullMarked;
