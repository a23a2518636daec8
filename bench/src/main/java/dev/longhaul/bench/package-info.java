/// Measures the service from outside, as its clients meet it: over HTTP, and as rows in its database.
///
/// Every bench starts the service's own jar with a database of its own in a temporary directory (PostgreSQL 18, fsync
/// on), prints one table with the settings of each side, ends with one [Target] a line, and stops what it started.
@NullMarked
package dev.longhaul.bench;

import org.jspecify.annotations.NullMarked;
