package dev.longhaul.builtin;

import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// @param ownDatabase true: the connection `longhaul` is Longhaul's own database, with the rights of the service's role
/// @param connections permitted PostgreSQL databases by name
@ConfigurationProperties("longhaul.sql-backfill")
record SqlBackfillSettings(@DefaultValue("false") boolean ownDatabase, @DefaultValue Map<String, Target> connections) {

    static final String OWN = "longhaul";

    SqlBackfillSettings {
        connections = Map.copyOf(connections);
        if (connections.containsKey(OWN)) {
            throw new IllegalArgumentException("longhaul.sql-backfill.connections must not contain longhaul: "
                    + "that is Longhaul's own database, see longhaul.sql-backfill.own-database");
        }
    }

    /// @param url      e.g. jdbc:postgresql://db.example.org/shop?socketTimeout=300
    /// @param username a role with only the rights that the backfills need
    record Target(String url, @Nullable String username, @Nullable String password) {

        Target {
            if (url == null || !url.startsWith("jdbc:postgresql:")) {
                throw new IllegalArgumentException("longhaul.sql-backfill.connections.<name>.url must be like "
                        + "jdbc:postgresql://host/database, not " + url);
            }
        }

        /// Without the password.
        @Override
        public String toString() {
            return username + " at " + url.replaceFirst("\\?.*", "");
        }
    }
}
