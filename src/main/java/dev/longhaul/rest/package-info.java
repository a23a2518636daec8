/// REST: `/api/v1`, for scripts, services and the command line.
///
/// ```
/// Body, parameters   read and checked by package web, against the schema that openapi.json shows
/// a controller       one resource: one call of a feature or the store, then a view; nothing is remembered between requests
/// Versions           ETag "v17" is the operation's version: If-None-Match -> 304, If-Match -> 412
/// ```
/// Promises:
///   1. What is answered 2xx is committed. A start that is sent again with its `Idempotency-Key` makes no second
///      operation.
///   2. Repeating a cancel, pause or resume changes nothing and is no error.
///   3. Pages of a list never tell an operation twice, and tell each that was there from the first page to the last and
///      passed the filter all the time.
///   4. A page of a list costs a bounded look: of a filter that finds few among many it may be short, or empty, and
///      lead on all the same.
///   5. Every endpoint says in [dev.longhaul.web.Endpoint] what may come back; openapi.json is derived from that, and a
///      test provokes all of it.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "store", "live", "query", "inputrequest", "bulk", "schedule",
        "workflow", "webhook", "web", "types"})
package dev.longhaul.rest;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
