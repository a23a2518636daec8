/// Pages for people who have nothing but a link: what an operation asks them, and a form to answer it.
///
/// ```
/// GET  /questions/{id}?name=…   the question, and a form that follows from the JSON Schema of its answer
/// POST /questions/{id}?name=…   the form's fields -> JSON -> human.Answers -> 303 back to the page, or the page again with what does not fit
/// ```
/// Promises:
///   1. A page works without scripts, loads nothing from anywhere, and is shown in no frame; what it shows of an
///      operation is text, never markup.
///   2. Another site cannot send its form: the request's `Origin` is looked at ([dev.longhaul.web]).
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "store", "inputrequest", "web", "types"})
package dev.longhaul.page;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
