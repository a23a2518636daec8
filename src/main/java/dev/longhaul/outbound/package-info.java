/// Outbound HTTP requests, protected against requests to internal networks: [AddressScope] classifies addresses,
/// [OutboundClient] connects to permitted ones only.
///
/// Promises:
///   1. The address that is connected to is the address that was checked. No DNS answer, redirect or spelling of an
///      address bypasses the check.
///   2. Private addresses need a setting that names the host. Forbidden ones, e.g. of cloud metadata, are never called.
@NullMarked
@ApplicationModule(allowedDependencies = "operation")
package dev.longhaul.outbound;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
