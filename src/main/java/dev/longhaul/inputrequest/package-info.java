/// Questions of operations to people: which are open, and what becomes of an answer.
///
/// A task asks with `context.ask`; its operation waits without a thread. The answer may come through any door and at
/// any node, it meets the row, and a trigger lets the operation go on. An answer that does not fit the question's
/// schema is refused; the first that fits stands.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "store", "types"})
package dev.longhaul.inputrequest;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
