/// Subscribers of event streams. They write down all that they are told and do not judge it.
@NullMarked
package dev.longhaul.bench.chaos.stream;

import org.jspecify.annotations.NullMarked;
