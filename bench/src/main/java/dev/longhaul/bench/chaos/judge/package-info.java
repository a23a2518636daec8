/// Says of each promise whether it was kept, from the tables and the journal alone. Nothing here uses the service's
/// code; only the hash chain is computed by the functions of the schema.
///
/// A promise is violated if one case shows it, and unknown if there was no case.
@NullMarked
package dev.longhaul.bench.chaos.judge;

import org.jspecify.annotations.NullMarked;
