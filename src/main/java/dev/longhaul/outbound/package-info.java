/// Requests that leave the service: from where an address can be reached, and so whether one may go there. Plain Java;
/// knows nothing else.
@NullMarked
@ApplicationModule(allowedDependencies = {})
package dev.longhaul.outbound;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
