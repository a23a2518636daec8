package dev.longhaul.webhook;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param allowPrivateAddresses the hosts that may be called though they resolve to loopback or private addresses, also
///     over http; default: none
/// @param timeout               how long a receiver may take to answer, e.g. 15s
/// @param formerSecret          how long deliveries are signed with the secret before a rotation too, e.g. 24h
/// @param keepDeliveries        how long it is known what was sent and how it was answered; what is still being sent
///     stays
@ConfigurationProperties("longhaul.webhook")
record WebhookSettings(@DefaultValue List<String> allowPrivateAddresses, @DefaultValue("15s") Duration timeout,
        @DefaultValue("24h") Duration formerSecret,
                       @DefaultValue("30d") Duration keepDeliveries) {

    WebhookSettings {
        allowPrivateAddresses = allowPrivateAddresses.stream().map(host -> host.toLowerCase(Locale.ROOT)).toList();
        if (!timeout.isPositive() || formerSecret.isNegative()) {
            throw new IllegalArgumentException("longhaul.webhook.timeout must be positive and former-secret not "
                    + "negative, not " + timeout + " and " + formerSecret);
        }
        if (keepDeliveries.compareTo(Duration.ofDays(1)) < 0) {
            throw new IllegalArgumentException("longhaul.webhook.keep-deliveries must be at least 1d, not "
                    + keepDeliveries);
        }
    }

    boolean allowsPrivate(String host) {
        return allowPrivateAddresses.contains(host.toLowerCase(Locale.ROOT));
    }
}
