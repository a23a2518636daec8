/// The service as one process, and the packages it is made of, each with a page of its own; whoever reads those pages knows the design.
///
/// ```
/// doors      api    sse    mcp    remote    page    know HTTP, and never each other; dialect gives them their words
///            web                    what they have in common: who may knock, how a request is read, how a refusal is told
/// features   engine   query   human   bulk   know what is done, not how it is asked for
///            schedule   workflow   webhook   history
/// ground     live   task     who is to be told; what a user writes: work that takes long
///            tool            what a user writes besides: tools that answer at once, resources, prompts
///            store           the only writer of the table
/// core       operation       plain Java; knows nothing
///            outbound        where requests that leave the service may go; knows nothing
///            embedded        the database of a service that was only cloned and run; knows nothing of operations
///            observe         what the service says about itself
///            cli             the command line, a client in the same jar
///            client          the same for programs in Java; knows nothing
/// ```
/// Knowledge points downwards only: a package names those it may use in `allowedDependencies`, and a test holds all of them to it.
/// The packages meet at the row. The table is the truth, NOTIFY only says "look": any node can answer any request, and what a
/// psql session does is recorded and streamed like everything else.
@NullMarked
package dev.longhaul;

import org.jspecify.annotations.NullMarked;
