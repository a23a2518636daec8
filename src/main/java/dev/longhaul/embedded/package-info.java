/// The embedded database: a real PostgreSQL 18 as a child process, with its data in `./data`. It needs no installation.
///
/// It runs only while `spring.datasource.url` is not set; otherwise nothing is unpacked or started. Its data is as safe
/// as in any PostgreSQL: `fsync`, `synchronous_commit` and `full_page_writes` are on, and a start that finds one of
/// them off is refused.
///
/// Promises:
///   1. One service per directory. A second one is refused with a message that names the first. The kernel holds the
///      lock, so no kill leaves it behind.
///   2. No kill, at any time of a start or stop, leaves a directory that needs manual repair. Slow steps (unpacking,
///      `initdb`) write under another name and rename when complete. Repeatable steps (roles, passwords, the database)
///      run at every start.
///   3. The server survives a Ctrl-C, so that the service can drain first. It does not outlive the service: `close`
///      stops it; after a `kill -9` of the service the [Watchdog] stops it; if that was killed too, the next start
///      does.
///   4. It listens on 127.0.0.1 only, has no Unix socket, and every role needs its password. The passwords are in
///      `pgpass`, readable by its owner only.
///   5. No unrelated process is ever signalled: a pid from a file counts only if its process is a PostgreSQL on our
///      data ([Postmaster]).
///
/// A start, in order:
/// ```
/// DirectoryLock     longhaul.lock       held until the JVM ends
/// StaleFiles                            unfinished files of a killed start are deleted
/// PostgresBinaries  postgresql-18.6.0/  unpacked from the jar, once
/// OsUser                                the current user; for root, which PostgreSQL refuses, an unprivileged user
/// Postmaster                            an orphaned server of a killed service is stopped
/// Cluster           db/                 initdb, once; then pg_ctl start, run by the Watchdog
/// PasswordFile      pgpass              created once; psql reads it, too
/// DatabaseSetup                         roles.sql, passwords, database longhaul; verifies that commits are durable
/// ```
/// If the server dies while the service runs, it stays down: connections fail, health reports it, and the supervisor of
/// the service restarts the service.
@NullMarked
@ApplicationModule(allowedDependencies = {})
package dev.longhaul.embedded;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
