package com.example.shop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.longhaul.Longhaul;
import dev.longhaul.operation.Status;
import dev.longhaul.testing.LonghaulTest;
import dev.longhaul.testing.LonghaulTester;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;

@SpringBootTest
@LonghaulTest
class CheckoutTest {

    @Autowired
    Checkout checkout;
    @Autowired
    Purchases purchases;
    @Autowired
    Longhaul longhaul;
    @Autowired
    LonghaulTester tester;

    @Test
    void aPurchaseIsChargedAndItsInvoiceIsSentADayLater() {
        var id = checkout.buy("ann", 4_200);

        tester.runUntilIdle();
        tester.assertThat(id).hasStatus(Status.WAITING).hasStep("charge").hasStep("mark");
        assertThat(purchases.findByStatus("charged")).extracting(Purchase::customer).contains("ann");

        tester.advance(Duration.ofDays(1));
        tester.assertThat(id).completed().hasStep("invoice").hasAttempts(1);
        assertThat(longhaul.output(longhaul.get(id).orElseThrow(), ChargeCard.Receipt.class).reference())
                .isEqualTo("charge-" + id);
    }

    @Test
    void aRefusedCardIsTriedAgain() {
        var id = longhaul.submit(longhaul.submission("purchase.charge",
                new ChargeCard.Charge(purchases.save(new Purchase("bob", 2_000_000)).id()))
                .with(limits -> limits.withMaxAttempts(2)));

        tester.runUntilIdle();
        tester.advance(Duration.ofMinutes(10));
        tester.assertThat(id).failedWith("the limit of bob is exceeded").hasAttempts(2)
                .hasHistory(Status.PENDING, Status.RUNNING, Status.PENDING, Status.RUNNING, Status.FAILED);
    }
}
