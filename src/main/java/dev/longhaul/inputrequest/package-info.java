/// Input requests of operations to people, and their answers.
///
/// A task asks with `context.ask`; its operation waits without a thread. An answer may come through any interface on
/// any node: it is written to the row, and a trigger resumes the operation. An answer that does not fit the schema of
/// the input request is refused. The first answer that fits is final.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "store", "types"})
package dev.longhaul.inputrequest;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
