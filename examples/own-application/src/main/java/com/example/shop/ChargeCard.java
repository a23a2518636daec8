package com.example.shop;

import dev.longhaul.task.NotRetryable;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;
import java.time.Duration;

/// A class as a task.
@TaskType(value = "purchase.charge", description = "Charges the card for a purchase, and sends the invoice a day later")
class ChargeCard implements Task<ChargeCard.Charge, ChargeCard.Receipt> {

    private final Purchases purchases;
    private final Bank bank;

    ChargeCard(Purchases purchases, Bank bank) {
        this.purchases = purchases;
        this.bank = bank;
    }

    record Charge(long purchaseId) {}

    record Receipt(String reference) {}

    @Override
    public Receipt run(Charge input, TaskContext context) throws Exception {
        var purchase = purchases.findById(input.purchaseId())
                .orElseThrow(() -> new NotRetryable("there is no purchase " + input.purchaseId()));
        var reference = context.step("charge", String.class,
                () -> bank.charge(purchase.customer(), purchase.cents(), context.operationId().toString()));
        context.report(50, "charged");
        // The status and the checkpoint are one transaction.
        context.transaction("mark", Void.class, _ -> {
            purchase.become("charged");
            purchases.save(purchase);
            return null;
        });
        context.sleep(Duration.ofDays(1));
        context.submit("invoice", "invoice.send", new Invoices.Invoice(purchase.id(), purchase.customer()));
        context.join();
        return new Receipt(reference);
    }
}
