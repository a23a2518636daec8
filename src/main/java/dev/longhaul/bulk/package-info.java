/// One change of many operations, selected by a filter: an operation itself, with progress, a history and an end.
///
/// [BulkOperations] counts what a change would affect, and starts it. One [BulkTask] per [BulkAction] makes it, page by
/// page, from the newest operation to the oldest. Promises:
///   1. A change affects only operations submitted before it, so it ends. It never affects itself.
///   2. A page commits together with its checkpoint: if the node stops, the next attempt repeats no page.
///   3. The history of each changed operation holds `operation <id of the bulk change>` and the reason.
///   4. A change has a queue of its own at the highest priority. It does not wait behind the operations that it is
///      to cancel.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "store", "task", "query", "types"})
package dev.longhaul.bulk;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
