/// Turns NOTIFY into wake-ups, and hands every watcher what it has not seen.
///
/// ```
/// Listener      one LISTEN connection per node, proved alive by a round trip to itself; says "look at these ids"
///    v
/// Watchers      one thread; one SELECT per batch of ids that somebody here watches
///    v
/// Watcher       a mailbox: changes of state queue in order, of progress only the newest is kept
///
/// Feed          one thread; all changes of all operations, in the order of their transactions
///    v
/// Subscription  a mailbox of those that pass its filter; what does not fit it reads from the history later, by itself
/// ```
/// Promises:
///   1. A watcher sees every change of state once, in order, and always ends at the newest progress: what it is given
///      is read from the history above the version it has, so a lost, late or doubled NOTIFY changes nothing but the
///      delay.
///   2. Event ids are versions of the operation; a watcher that comes back with one, to any node, misses nothing.
///   3. A watcher that does not read delays nobody. Its mailbox is bounded; what does not fit is read again when it
///      does.
///
/// When LISTEN is lost, the listener reconnects with backoff and then everything that is watched is looked at anew.
/// Meanwhile, and where LISTEN cannot be had (a transaction-mode pooler), watched operations are looked at every
/// second, and the feed four times a second.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "store"})
package dev.longhaul.live;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
