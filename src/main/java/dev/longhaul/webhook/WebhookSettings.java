package dev.longhaul.webhook;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param allowPrivateAddresses hosts that may have loopback or private addresses, also over http; default: none
/// @param timeout               maximum time to connect, and to receive a response, e.g. 15s
/// @param previousSecret        how long deliveries are also signed with the previous secret after a rotation, e.g. 24h
/// @param deliveryRetention     age at which finished deliveries are deleted, e.g. 30d
@ConfigurationProperties("longhaul.webhook")
record WebhookSettings(@DefaultValue List<String> allowPrivateAddresses, @DefaultValue("15s") Duration timeout,
        @DefaultValue("24h") Duration previousSecret, @DefaultValue("30d") Duration deliveryRetention) {

    WebhookSettings {
        allowPrivateAddresses = allowPrivateAddresses.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
        if (!timeout.isPositive() || previousSecret.isNegative()) {
            throw new IllegalArgumentException("longhaul.webhook.timeout must be positive and previous-secret not "
                    + "negative, not " + timeout + " and " + previousSecret);
        }
        if (deliveryRetention.compareTo(Duration.ofDays(1)) < 0) {
            throw new IllegalArgumentException("longhaul.webhook.delivery-retention must be at least 1d, not "
                    + deliveryRetention);
        }
    }

    boolean allowsPrivate(String host) {
        return allowPrivateAddresses.contains(host.toLowerCase(Locale.ROOT));
    }
}
