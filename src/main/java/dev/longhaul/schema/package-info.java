/// Where the tables live: the schema of Longhaul in the database, and its migrations.
///
/// In a database of its own Longhaul lives in `public`. Beside other tables it lives in a schema of its own, named by
/// `longhaul.schema`. Each schema has its own history table of Flyway, and its own schema of views for auditors.
///
/// Statements name no schema: each connection's search path is the schema. [SchemaConnections] puts it into every JDBC
/// URL, so no pool, listener or migration can miss it.
@NullMarked
@ApplicationModule(allowedDependencies = {})
package dev.longhaul.schema;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
