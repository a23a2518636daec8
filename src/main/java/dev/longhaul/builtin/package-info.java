/// Built-in tasks, which are useful as they are and serve as examples. docs/tasks.md is their manual.
///
/// Guarantees when the process is killed at any time:
///   1. [CsvImport]: every row is imported exactly once. The COPY of a chunk commits together with its checkpoint.
///   2. [SqlBackfill]: every chunk runs exactly once in Longhaul's own database, and at least once in any other.
///   3. [HttpRequest]: a stored reply is not requested again. A request without a stored reply is sent again with the
///      same Idempotency-Key.
///
/// Settings permit what a task may access. By default that is only the schema `import`: no file outside the import
/// folder, no database, no host. [HttpSender] connects only to addresses that were checked.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "task", "types", "store", "outbound"})
package dev.longhaul.builtin;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
