/// What all doors have in common: who may knock, how a request is read, and how a refusal is told.
///
/// ```
/// RequestIds      an id for the answer, the problem and the log
/// Doorkeeper      Host, Origin                                  -> 400, 403
/// KnownParameters the query has no parameter that there is not  -> 400
/// BodyArgument    bytes -> strict JSON -> schema -> record      -> 400, 413, 415, 422 with a JSON Pointer for every place
/// handler         one call of a feature or the store            -> its answer, or an exception that says what was expected and what was found
/// Problems        every exception                               -> application/problem+json (RFC 9457), whose type is a page of this service
/// ```
/// Promises:
///   1. A page of another site cannot reach this service through its reader's browser, neither by its own origin nor by
///      a name that it points at this address ([HostOriginFilter]).
///   2. What is answered with an error names no Java class; a 500 is a defect of ours and is logged under the request's
///      id.
@NullMarked
@ApplicationModule(allowedDependencies = {"embedded", "operation", "store", "schedule", "query",
        "inputrequest", "types"})
package dev.longhaul.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
