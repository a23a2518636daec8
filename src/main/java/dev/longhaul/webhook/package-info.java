/// Webhooks: sends events of operations to other services, signed as Standard Webhooks specifies.
///
/// ```
/// DeliveryPlanner  one transaction: reads the next history entries, creates a delivery for each subscribed webhook,
///    v             advances the cursor
/// DeliveryTask     the task of a delivery's operation: one signed request, retried like any operation
///    v
/// WebhookClient    connects only to addresses that were checked
/// ```
/// Promises:
///   1. Every subscribed status change becomes one delivery, whatever is killed: deliveries and cursor are written in
///      one transaction. A delivery may be *sent* more than once, always with the same `webhook-id`.
///   2. An unreachable receiver delays no other one: each delivery is an operation in the queue `webhooks`, with its
///      own history, and can be observed, cancelled and retried like any other.
///   3. No request goes to this machine, its network or a cloud metadata service unless the settings name the host.
///   4. Deliveries are kept for `longhaul.webhook.delivery-retention` and then deleted in batches ([DeliveryCleanup]).
///   5. A secret is returned once, when it is created. No list, history or log contains it.
@NullMarked
@ApplicationModule(allowedDependencies = {"operation", "store", "task", "live", "query", "outbound"})
package dev.longhaul.webhook;

import org.jspecify.annotations.NullMarked;
import org.springframework.modulith.ApplicationModule;
