/// The task types of this node and of remote workers: their names, schemas and secret fields.
///
/// [TaskRegistry] finds every task, derives the JSON Schema of its input and checks each input before it is stored.
/// [RemoteTasks] reads the types that remote workers registered. [SecretFields] encrypts secret fields with
/// [SecretCipher] before they reach the database, and decrypts them for the task alone. A type that cannot be read is
/// left out; the other types stay available.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "task", "store"})
package dev.longhaul.types;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
