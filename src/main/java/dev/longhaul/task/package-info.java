/// What a user writes, and what it may do while it runs: report, step, sleep, ask, start others, and notice a cancel.
///
/// A task is one class: `@TaskType("resize_images") class ResizeImages implements Task<ResizeImages.Input,
/// ResizeImages.Output>`. [TaskRegistry] finds them all, derives the JSON Schema of their input and checks every input
/// against it before anything is stored. Nothing here knows how a task is carried; package engine implements
/// [TaskContext].
@NullMarked
@ApplicationModule(allowedDependencies = {"operation"})
package dev.longhaul.task;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
