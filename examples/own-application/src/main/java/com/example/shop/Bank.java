package com.example.shop;

import org.springframework.stereotype.Component;

/// Stands for a payment provider, which charges once under each idempotency key.
@Component
class Bank {

    String charge(String customer, long cents, String idempotencyKey) {
        if (cents > 1_000_000) {
            throw new IllegalStateException("the limit of " + customer + " is exceeded");
        }
        return "charge-" + idempotencyKey;
    }
}
