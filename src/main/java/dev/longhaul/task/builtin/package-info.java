/// The tasks that ship with Longhaul: work on real input from the first day, and examples to follow.
@NullMarked
package dev.longhaul.task.builtin;

import org.jspecify.annotations.NullMarked;
