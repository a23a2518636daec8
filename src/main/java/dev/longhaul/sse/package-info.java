/// Event streams: the reference interface's `GET /progress/{operation_id}/stream` with the snapshot beside it, and the
/// streams of `/api/v1`: one operation, one workflow, all operations that pass a filter.
///
/// ```
/// request        find the operation       -> 404, 400, 204 or a stream
/// stream         snapshot -> every change that its subscriber gets -> last progress -> done | error; else heartbeats
/// web            EventStreamWriter        id, event, one line of data; flushed after each write
/// ```
/// Promises:
///   1. Each event has `id` (the operation's version, for a log line with its number), `event` and one line of JSON. A
///      client that resumes with an id misses no change of status. A stream ends with the operation as it is now, not
///      with an attempt that was retried. A client that has the last event gets 204, which ends its reconnects.
///   2. In the reference interface the last `progress` has the final status; then follows `done` (completed,
///      cancelled) or `error` (failed). The reference's client decides by that `progress`.
///   3. A stream holds a virtual thread ([dev.longhaul.web.EventStreams]) and a bounded subscriber buffer. A client
///      that stops reading is disconnected when a write has blocked for `server.jetty.connection-idle-timeout`. A
///      disconnected client is detected at the next heartbeat.
///   4. When the node stops, its streams end with a random `retry:`, so the clients reconnect spread over time.
///
/// While the database is unavailable, open streams continue with heartbeats. A new one is answered 200 with a `retry:`
/// and ends ([dev.longhaul.web.EventStreams]): a browser does not reconnect after 503.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "store", "live", "reference", "query", "workflow", "web"})
package dev.longhaul.sse;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
