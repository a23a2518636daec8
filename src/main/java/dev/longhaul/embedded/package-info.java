/// The database of a service that was only cloned and run: a real PostgreSQL 18 as its child, in `./data`, without
/// anything to install.
///
/// It exists only while `spring.datasource.url` is not set; with it, nothing here is unpacked or started. It keeps data
/// like any other PostgreSQL: `fsync`, `synchronous_commit` and `full_page_writes` are on, and a start that finds one
/// of them off is refused.
///
/// Promises:
///   1. One service per directory. The second is refused in one sentence that names the first. The lock is the
///      kernel's, so no kill leaves it behind.
///   2. No kill, at any moment of any start or stop, leaves a directory that needs a person. What takes time
///      (unpacking, `initdb`) is made under another name and renamed when whole; what can be done twice (roles,
///      passwords, the database) is done at every start.
///   3. The server outlives a Ctrl-C, so that the service can drain first, and does not outlive the service: a close
///      stops it, a `kill -9` of the service lets the [Watchdog] stop it, and where that was killed too the next start
///      does.
///   4. It listens on 127.0.0.1 alone, has no Unix socket, and every role needs its password. These are in `pgpass`,
///      readable by its owner only.
///   5. Nobody else's process is ever signalled: a pid from a file counts only when that process is a PostgreSQL on our
///      data ([Postmaster]).
///
/// A start, in order:
/// ```
/// DirectoryLock   longhaul.lock       held until the JVM ends
/// Litter                              what a killed start left unfinished is cleared away
/// Binaries        postgresql-18.6.0/  unpacked from the jar, once
/// Account                             as whom: ourselves, or for root (whom PostgreSQL refuses) someone without privileges
/// Postmaster                          an orphan of a killed service is stopped
/// Cluster         db/                 initdb, once; then pg_ctl start, carried out by the Guard
/// Passwords       pgpass              made once; for psql too
/// DatabaseSetup                       roles.sql, passwords, database longhaul; the proof that commits are durable
/// ```
/// When the server itself dies while the service runs, it is not started again before the service is: connections fail,
/// health says so, and whoever supervises the service restarts it.
@NullMarked
@ApplicationModule(allowedDependencies = {})
package dev.longhaul.embedded;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
