package com.example.shop;

import dev.longhaul.Longhaul;
import dev.longhaul.operation.OperationId;
import dev.longhaul.task.LonghaulTask;
import dev.longhaul.task.Task;
import dev.longhaul.task.TaskContext;
import dev.longhaul.task.TaskType;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/// An application of somebody else, with tables, JPA and a Flyway of its own, that has Longhaul as a library.
@SpringBootApplication
public class Shop {

    public record Invoice(long purchaseId, String customer) {}

    public record Receipt(String text) {}

    /// A method as a task: it writes with the application's repository, in the transaction of its step.
    @Service
    public static class Invoices {

        private final Purchases purchases;

        Invoices(Purchases purchases) {
            this.purchases = purchases;
        }

        @LonghaulTask(value = "invoice.send", concurrencyKey = "customer:${customer}", maxAttempts = 2)
        Receipt send(Invoice invoice, TaskContext context) throws Exception {
            context.transaction("pay", Void.class, _ -> {
                var purchase = purchases.findById(invoice.purchaseId()).orElseThrow();
                purchase.paid = true;
                purchases.save(purchase);
                return null;
            });
            return new Receipt("paid by " + invoice.customer());
        }
    }

    public record Nothing() {}

    /// A method that a schedule starts.
    @Service
    public static class Nightly {

        @LonghaulTask(value = "purchase.tidy", cron = "0 5 * * *", zone = "Europe/Berlin", timeout = "5m")
        void tidy(Nothing nothing) {
        }
    }

    public record Failing(long purchaseId) {}

    /// A class as a task: its step fails after its write.
    @TaskType("fail_after_write")
    public static class FailAfterWrite implements Task<Failing, Void> {

        private final Purchases purchases;

        FailAfterWrite(Purchases purchases) {
            this.purchases = purchases;
        }

        @Override
        public Void run(Failing input, TaskContext context) throws Exception {
            return context.transaction("pay", Void.class, _ -> {
                var purchase = purchases.findById(input.purchaseId()).orElseThrow();
                purchase.paid = true;
                purchases.saveAndFlush(purchase);
                throw new IllegalStateException("the card was refused");
            });
        }
    }

    @Service
    public static class Checkout {

        private final Purchases purchases;
        private final Longhaul longhaul;

        Checkout(Purchases purchases, Longhaul longhaul) {
            this.purchases = purchases;
            this.longhaul = longhaul;
        }

        public record Bought(long purchase, OperationId invoice) {}

        @Transactional
        public Bought buy(String customer, boolean refused) {
            var purchase = new Purchase();
            purchase.customer = customer;
            purchases.save(purchase);
            var invoice = longhaul.submit("invoice.send", new Invoice(purchase.id, customer));
            if (longhaul.get(invoice).isEmpty()) {
                throw new IllegalStateException("the transaction does not see its own submission");
            }
            purchases.findAll();   // the search path is the application's again
            if (refused) {
                throw new IllegalStateException("refused");
            }
            return new Bought(purchase.id, invoice);
        }
    }
}
