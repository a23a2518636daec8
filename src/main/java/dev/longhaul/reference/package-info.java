/// Operations in the terms and fields of the reference interface ("Progress Tracking").
///
/// Promises:
///   1. [ReferenceView] has every field of "Progress Data Structure" and "SSE Data Format": numbers are numbers, times
///      are UTC with `Z`, `message` is never null. `status` is one of the reference's terms or `cancelled`; `state`
///      beside it is exact.
///   2. Two changes that a client would print as the same line are one event ([ReferenceView#looksLike]).
///   3. The first response about a new operation waits for its first report, at most one second
///      ([InitialReportFilter]).
///   4. JSON in a stream is one line for every client ([SingleLineJson]).
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "live", "query"})
package dev.longhaul.reference;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
