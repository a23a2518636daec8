package dev.longhaul.metrics;

import java.util.Map;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.stereotype.Component;

/// Which migrations the database has. Asked once: they run before the service starts, and a newer node's are not this
/// one's business.
@Component
class SchemaInfo implements InfoContributor {

    private final ObjectProvider<Flyway> flyway;
    private volatile @Nullable Map<String, Object> schema;

    SchemaInfo(ObjectProvider<Flyway> flyway) {
        this.flyway = flyway;
    }

    @Override
    public void contribute(Info.Builder builder) {
        if (schema == null) {
            schema = flyway.stream().findAny().map(SchemaInfo::look)
                    .orElse(Map.of("version", "not known: spring.flyway.enabled is false"));
        }
        builder.withDetail("schema", schema);
    }

    private static Map<String, Object> look(Flyway flyway) {
        var migrations = flyway.info();
        var current = migrations.current();
        return Map.of("version", current == null ? "none" : String.valueOf(current.getVersion()), "applied",
                migrations.applied().length,
                "pending", migrations.pending().length);
    }
}
