/// How an operation is told to clients of the reference interface (`docs` call it "Progress Tracking"): in its words,
/// its fields, and not more often than its clients can bear.
///
/// Promises:
///   1. [ReferenceView] has every field of "Progress Data Structure" and "SSE Data Format": numbers are numbers, times
///      are UTC with `Z`, `message` is never null. `status` is one of the reference's words plus `cancelled`; `state`
///      beside it is exact.
///   2. Two changes that such a client would print as the same line are told once ([ReferenceView#looksLike]).
///   3. An operation that was submitted a moment ago is not told before it has said something or had its chance to
///      ([InitialReportFilter]).
///   4. What is written for a stream is one line for every client there is ([SingleLineJson]).
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "live", "query"})
package dev.longhaul.reference;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
