/// Tests of applications that have Longhaul as a library. Nothing here runs outside of tests.
///
/// - [LonghaulTest] on a Spring Boot test gives it a PostgreSQL and a [LonghaulTester].
/// - [LonghaulTester] moves the time on, runs everything that can run, and asserts on operations and their history.
/// - [TaskTester] runs one task without a database.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "task", "store", "library", "embedded"})
package dev.longhaul.testing;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
