/// Turns NOTIFY into wake-ups, and gives every subscriber the changes that it has not seen.
///
/// ```
/// NotificationListener  one LISTEN connection per node, checked by a NOTIFY to itself
///    v
/// Subscribers           one loop; one SELECT per batch of operations with subscribers
///    v
/// Subscriber            a buffer: state changes in order, of progress only the newest
///
/// ChangeFeed            one loop; all changes of all operations, in the order of their transactions
///    v
/// FeedSubscription      a buffer of the changes that pass its filter; it reads the rest from the history
/// ```
/// [Loop] is the thread of every loop in this service: a round, a pause, and a wake-up that ends the pause.
///
/// Promises:
///   1. A subscriber sees every state change once, in order, and ends at the newest progress. Changes are read from the
///      history above the version that it has, so a lost, late or repeated NOTIFY changes only the delay.
///   2. Event ids are versions of the operation. A subscriber that returns with one, to any node, misses nothing.
///   3. A slow subscriber delays no other. Its buffer is bounded; it reads the rest from the history.
///
/// After a lost LISTEN connection the listener reconnects with backoff, and everything with a subscriber is read again.
/// Meanwhile, and where LISTEN is impossible (a transaction-mode pooler), operations with subscribers are read every
/// second, and the feed four times a second.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "store"})
package dev.longhaul.live;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
