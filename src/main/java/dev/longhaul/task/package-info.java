/// The interface for authors of tasks: a [Task] and its annotations. Its [TaskContext] reports, stores steps, sleeps,
/// requests input, submits children and notices a cancel.
///
/// A task is one class: `@TaskType("resize_images") class ResizeImages implements Task<ResizeImages.Input,
/// ResizeImages.Output>`. Package types finds it, derives the JSON Schema of its input and checks every input before
/// it is stored. Package engine implements [TaskContext] and runs the task. Nothing here knows either of them.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation"})
package dev.longhaul.task;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
