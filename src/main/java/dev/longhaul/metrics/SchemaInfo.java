package dev.longhaul.metrics;

import java.util.Map;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.stereotype.Component;

/// Reports the migrations of the database. Read once, because migrations run before the service starts.
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
            schema = flyway.stream().findAny().map(SchemaInfo::read)
                    .orElse(Map.of("version", "unknown: spring.flyway.enabled is false"));
        }
        builder.withDetail("schema", schema);
    }

    private static Map<String, Object> read(Flyway flyway) {
        var migrations = flyway.info();
        var current = migrations.current();
        return Map.of("version", current == null ? "none" : String.valueOf(current.getVersion()), "applied",
                migrations.applied().length,
                "pending", migrations.pending().length);
    }
}
