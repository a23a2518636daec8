/// Webhooks: tells other services what happens to operations, signed after the Standard Webhooks specification.
///
/// ```
/// Teller          one transaction: the next part of the history, a delivery for each webhook that wants it, and the place up to which that was told
///    v
/// Deliver         the task of a delivery's operation: one request, signed; retried like any operation
///    v
/// Receivers       where a request may go: the very address that is connected to was checked
/// ```
/// Promises:
///   1. Every change of status that a webhook asked for becomes one delivery, whatever is killed: deliveries and the
///      place in the history are written in one transaction. It may be *sent* more than once, each time with the same
///      `webhook-id`.
///   2. A receiver that is away delays nobody else: each delivery is an operation of its own in the queue `webhooks`,
///      with its history, and can be watched, cancelled and run again like any.
///   3. No request goes to this machine, its network or a cloud's metadata unless the settings name the host.
///   4. What was sent is known for `longhaul.webhook.keep-deliveries`; then it leaves in small parts
///      ([DeliveryCleanup]).
///   5. Secrets are told once, when they are made; no list, history or log has them.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "store", "task", "live", "query", "outbound"})
package dev.longhaul.webhook;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
