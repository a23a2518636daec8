/// Lists of operations: filtered, newest first, page by page.
///
/// JPA builds the query from the filter ([FilterSql]). [OperationRow] maps only the columns of a list, so that a page
/// reads neither input nor output. This package writes nothing: the store is the only writer, and the entity is
/// immutable.
///
/// An id is a UUIDv7, so the order of ids is the order of submission. A page is "the next n ids below this one" (keyset
/// paging): page 1,000 is as fast as page 1, and new operations shift nothing. [PageScan] reads any filter by windows
/// of time; a page ends when it is full or its time budget is spent, and the next page begins at an id.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "store"})
package dev.longhaul.query;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
