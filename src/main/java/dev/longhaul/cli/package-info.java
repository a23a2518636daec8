/// The command line: a client of the service in the same jar. It uses the service's HTTP API only, and `schema` to
/// migrate a database.
///
/// ```
/// LonghaulServer      the first argument is a command's name -> LonghaulCommand; else the service
/// LonghaulCommand    picocli; one class per command
/// ListCommand, ItemCommand, ChangeCommand   bases: a list, one resource, changes of many operations
/// ApiClient          JSON over HTTP            EventStreamReader   server-sent events, resumed until they end
/// ProgressView       running operations: bars on a terminal, lines elsewhere
/// ```
/// Promises:
///   1. A command other than `server` starts no Spring: with the shipped launcher `longhaul ls` takes less than 300 ms.
///   2. Documents go to stdout, notes for people to stderr. `-o json` is JSON; of a stream, one document per line.
///   3. The exit code is the answer: 0 done, 1 the operation failed, 2 wrong usage or refused, 3 cancelled, 4 the
///      service cannot be reached, 5 timeout, 6 not found or not allowed in this status; 130 after Ctrl-C.
///   4. Ctrl-C ends the watching, never the operation.
@NullMarked
@ApplicationModule(allowedDependencies = "schema")
package dev.longhaul.cli;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
