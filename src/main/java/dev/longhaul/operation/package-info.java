/// What an operation *is*: its identity, its states, and the only moves between them. Plain Java; knows nothing else.
///
/// Rules that hold everywhere above this package:
///   1. `version` grows by one with every change of the row; it is the event id a client resumes from.
///   2. `runId` names one run, fresh and random with every claim. A worker that presents an old one has lost its lease,
///      and what it says is void.
///   3. Progress is a level: only the newest matters. A change of status is an edge: none may be missed.
@NullMarked
@ApplicationModule(allowedDependencies = {})
package dev.longhaul.operation;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
