/// The tasks that ship with Longhaul: work on real input from the first day, and examples to follow. docs/tasks.md is
/// their manual.
///
/// What each keeps when its process is killed at any moment:
///   1. [CsvImport]: every row of the file is in the table exactly once. A chunk's COPY commits together with its
///      checkpoint.
///   2. [SqlBackfill]: every chunk is done exactly once in Longhaul's own database, at least once in any other.
///   3. [HttpRequest]: an answer that was stored is not asked for again; a request without one is sent again with the
///      same Idempotency-Key.
///
/// What each may touch is in its settings, and is nothing by default but the schema `import`: no file outside the
/// import folder, no database, no host. [AllowedHosts] checks the very addresses that are connected to, so that no
/// name, redirect or second look-up leads inside.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "task", "types", "store", "outbound"})
package dev.longhaul.builtin;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
