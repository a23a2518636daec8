/// What all HTTP interfaces share: request checks, parsing and validation, problem documents, views, event streams.
///
/// ```
/// RequestIdFilter      an id for response, problem document and log
/// HostOriginFilter     Host, Origin, path, method               -> 400, 403, 405
/// WorkloadFilter       the kind of request                      -> its share of the connections
/// QueryParameterCheck  unknown and repeated query parameters    -> 400
/// JsonBodyResolver     bytes -> strict JSON -> schema -> record -> 400, 413, 415, 422 with JSON Pointers
/// handler              one call of a feature or the store       -> a view, or an exception
/// ProblemHandler       every exception                          -> application/problem+json (RFC 9457)
/// ```
/// Promises:
///   1. A page of another site cannot reach this service through a browser, neither by its own origin nor by a name
///      that resolves to this address ([HostOriginFilter]).
///   2. No error response names a Java class. A 500 is a fault of the service; its log has the exception under the
///      request's id.
///   3. Every error response is a problem document, also those of the server itself ([ErrorPage]).
@NullMarked
@ApplicationModule(allowedDependencies = {"embedded", "operation", "store", "schedule", "query",
        "inputrequest", "types"})
package dev.longhaul.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
