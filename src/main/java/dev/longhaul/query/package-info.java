/// Lists of operations: filtered, newest first, page by page.
///
/// Here JPA earns its place: the query is built from what was asked for, and [OperationRow] maps only the columns a
/// list shows, so that a page reads neither input nor output. Nothing is written here; the store is the only writer,
/// and the entity is immutable.
///
/// Ids are UUIDv7, so their order is the order of submission: a page is "the next n ids below this one" (keyset), as
/// fast on page 1,000 as on page 1, and what is submitted meanwhile shifts nothing. A filter that an index has in that
/// order ([AccessPaths]) is read straight from it. Any other is looked for stretch by stretch ([PageScan]), and a page
/// ends when it is full or has looked for long enough: what it leads on with is an id, too, so that nothing is told
/// twice or missed.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "store"})
package dev.longhaul.query;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
