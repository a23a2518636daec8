/// Longhaul inside another application: a library on its class path.
///
/// [LonghaulAutoConfiguration] gives the application one bean, a [dev.longhaul.Longhaul]. Everything else runs in a
/// context of its own ([LibraryContext]), with its own pool, Flyway, JPA and Jackson, and its own settings: of the
/// application's it sees `longhaul.*` only. So neither changes the other. Tasks are beans of the application.
///
/// The tables are in the application's database, in schema `longhaul`. [ApplicationTransactions] runs the statements of
/// a submission, or of a transactional step, on the connection of the application's transaction.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "task", "types", "store", "live", "schedule", "workflow"})
package dev.longhaul.library;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
