/// Pages for people who have only a link: an input request of an operation, and a form to answer it.
///
/// ```
/// GET  /input-requests/{id}?name=…   the input request, and a form derived from the JSON Schema of its answer
/// POST /input-requests/{id}?name=…   form fields -> JSON -> InputRequests
///                                     -> 303 to the page, or the page with the misfits
/// ```
/// Promises:
///   1. A page works without scripts, loads no other resource, and cannot be framed. Data of an operation is shown as
///      text, never as markup.
///   2. Another site cannot submit the form: the request's `Origin` is checked ([dev.longhaul.web]).
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "store", "inputrequest", "web", "types"})
package dev.longhaul.page;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
