package com.example.shop;

import dev.longhaul.Longhaul;
import dev.longhaul.operation.OperationId;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

@Service
public class Checkout {

    private final Purchases purchases;
    private final Longhaul longhaul;

    Checkout(Purchases purchases, Longhaul longhaul) {
        this.purchases = purchases;
        this.longhaul = longhaul;
    }

    /// The purchase and its operation are committed together, or neither is.
    @Transactional
    public OperationId buy(String customer, long cents) {
        var purchase = purchases.save(new Purchase(customer, cents));
        return longhaul.submit("purchase.charge", new ChargeCard.Charge(purchase.id()));
    }
}
