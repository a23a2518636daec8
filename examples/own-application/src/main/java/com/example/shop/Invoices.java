package com.example.shop;

import dev.longhaul.task.LonghaulTask;
import dev.longhaul.task.TaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Service;

/// Methods as tasks.
@Service
class Invoices {

    private static final Logger log = LoggerFactory.getLogger(Invoices.class);

    private final Purchases purchases;

    Invoices(Purchases purchases) {
        this.purchases = purchases;
    }

    record Invoice(long purchaseId, String customer) {}

    record Report(int charged) {}

    record Nothing() {}

    /// One mail at a time for each customer.
    @LonghaulTask(value = "invoice.send", concurrencyKey = "customer:${customer}", timeout = "1m")
    void send(Invoice invoice) {
        log.info("invoice of purchase {} to {}", invoice.purchaseId(), invoice.customer());
    }

    @LonghaulTask(value = "invoice.report", cron = "0 6 * * *", zone = "Europe/Berlin")
    Report report(Nothing nothing, TaskContext context) {
        var charged = purchases.findByStatus("charged").size();
        context.log("charged purchases: " + charged);
        return new Report(charged);
    }
}
