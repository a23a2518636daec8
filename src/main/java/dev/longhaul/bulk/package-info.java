/// One change of many operations, chosen by a filter: an operation itself, with progress, a history and an end.
///
/// [BulkOperations] counts what a change would touch, and starts it; one task per [BulkAction] carries it out, batch by
/// batch ([BulkWalk]), from the newest operation to the oldest. What holds:
///   1. It touches only operations that were submitted before it, so it has an end, and never itself.
///   2. A batch commits together with its checkpoint: a node that dies in between costs nothing and repeats nothing.
///   3. Each operation it touches says so in its own history: `operation <id of the bulk change>`, and the reason.
///   4. It waits in a queue of its own, before everything else there: the flood that it is to clear away does not keep
///      it waiting.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "store", "task", "query", "types"})
package dev.longhaul.bulk;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
