/// How long a person waits for a command of `bin/longhaul`.
@NullMarked
package dev.longhaul.bench.cli;

import org.jspecify.annotations.NullMarked;
