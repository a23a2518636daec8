/// What an operation *is*: its identity, its statuses and their transitions. Plain Java; depends on no other package.
///
/// Rules for all other packages:
///   1. `version` grows by one with every change of the row. It is the event id from which a client resumes.
///   2. `runId` identifies one run; each claim creates a new random one. It is the fencing token: writes with an old
///      one are refused.
///   3. Progress is a level: only the newest value matters. A status change is an edge: none may be missed.
@NullMarked
@ApplicationModule(allowedDependencies = {})
package dev.longhaul.operation;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
