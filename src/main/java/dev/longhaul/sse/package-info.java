/// The reference interface's streams: `GET /progress/{operation_id}/stream`, and the snapshot beside it.
///
/// ```
/// GET …/stream   find the operation -> 404, 400, 204 or a stream
/// Stream         snapshot -> every change its subscriber is given -> last progress -> done | error; a comment when it is quiet
/// EventStreamWriter    id, event, one line of data; flushed frame by frame
/// ```
/// Promises:
///   1. Each event has `id` (the operation's version), `event` and one line of JSON. A client that comes back with an
///      id misses no change of status; one that comes back with the last id there is gets 204, which ends its coming
///      back.
///   2. The last `progress` carries the final status, then comes `done` (completed, cancelled) or `error` (failed): the
///      reference's client judges by the former.
///   3. A stream holds a virtual thread of its own ([StreamServer]) and a bounded mailbox, nothing else. A client that
///      stops reading is cut when the write has blocked for `server.jetty.connection-idle-timeout`; one that has gone
///      is noticed at the next heartbeat.
///   4. When the node stops, its streams end with a `retry:` that spreads the clients' return.
///
/// While the database is away a stream stays open and its comments go on; a new one is answered 503.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "store", "live", "reference", "query", "workflow", "web"})
package dev.longhaul.sse;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
