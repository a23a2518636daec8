/// One process that serves operations, and the packages that it is made of. Each package has a page; the pages are the
/// design.
///
/// ```
/// interfaces  rest   sse   mcp   worker   page   HTTP in and out; they never use each other
///             reference                          the terms of the reference interface
///             web                                requests, callers and problem documents for all interfaces
/// features    engine   query   inputrequest      what is done, not how it is asked for
///             bulk   schedule   workflow   webhook   history
///             builtin                            the tasks that ship
/// ground      live                               notifications, subscribers and the change feed
///             tool                               tools, resources and prompts that answer at once
///             types                              task types: registry, schemas, secret fields
///             store                              the only writer of the table
/// core        operation                          plain Java without dependencies
///             task                               the interface that a task's author implements
/// apart       outbound                           the addresses that outgoing requests may reach
///             schema                             where the tables live, and their migrations
///             embedded                           the PostgreSQL of a service that was only cloned and started
///             metrics                            gauges, health of the backlog, traces
///             cli                                the command line, a client in the same jar
///             client                             the same for programs in Java
/// ```
/// Dependencies point downwards: a package names the packages that it uses in `allowedDependencies`, and a test checks
/// them. The packages meet at the row. The table is the truth, NOTIFY only says "look": any node can answer any
/// request, and a change from a psql session is recorded and streamed like every other change.
@NullMarked
package dev.longhaul;

import org.jspecify.annotations.NullMarked;
