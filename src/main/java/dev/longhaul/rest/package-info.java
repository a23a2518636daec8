/// REST at `/api/v1`, for scripts, services and the command line.
///
/// ```
/// request         parsed and validated by package web, against the schema in openapi.json
/// controller      one resource: one call of a feature or the store, then a view; no state between requests
/// ETags           ETag "v17" is the operation's version: If-None-Match -> 304, If-Match -> 412
/// ```
/// Promises:
///   1. A 2xx response is sent after the commit. A submission that is repeated with its `Idempotency-Key` submits no
///      second operation.
///   2. Repeating a cancel, pause or resume changes nothing and is no error.
///   3. Pages of a list have no operation twice, and have each operation that exists and passes the filter from the
///      first page to the last.
///   4. A page of a list has a bounded cost: with a rare filter it may be short or empty and still have a next page.
///   5. [dev.longhaul.web.Endpoint] declares the responses of every endpoint. openapi.json is derived from it, and a
///      test provokes each response.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "store", "live", "query", "inputrequest", "bulk", "schedule",
        "workflow", "webhook", "web", "types"})
package dev.longhaul.rest;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
