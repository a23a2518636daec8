/// The command line: a client of the service in the same jar. It knows nothing of the other packages, only what the
/// service says over HTTP.
///
/// ```
/// Longhaul.main   the first argument is a command's name -> Cli; else the service
/// Cli             picocli; a command each, in a class of its own beside it
/// Api             JSON over HTTP            EventStream   server-sent events, resumed for ever
/// Board           many operations at once, as bars on a terminal or as lines everywhere else
/// ```
/// Promises:
///   1. A command other than `server` starts no Spring: with the shipped launcher `longhaul ls` takes less than 300 ms.
///   2. What is for programs goes to stdout, what is for people beside it to stderr. `-o json` is JSON, of a stream one
///      document a line.
///   3. The exit code is the answer: 0 done, 1 the operation failed, 2 wrong usage or refused, 3 cancelled, 4 the
///      service cannot be reached, 5 it took too long, 6 there is no such thing or its state does not allow it; 130
///      after Ctrl-C.
///   4. Ctrl-C ends the watching, never the operation.
@NullMarked
@ApplicationModule(allowedDependencies = {})
package dev.longhaul.cli;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
