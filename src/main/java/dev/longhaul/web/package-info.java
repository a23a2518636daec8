/// What all doors have in common: who may knock, and what a person reads at the start.
///
/// Promise: a page of another site cannot reach this service through its reader's browser, neither by its own origin nor by a name that it points
/// at this address ([Doorkeeper]).
@NullMarked
@ApplicationModule(allowedDependencies = "embedded")
package dev.longhaul.web;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
